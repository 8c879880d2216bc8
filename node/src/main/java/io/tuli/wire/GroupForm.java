package io.tuli.wire;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.bytes.Varint;
import io.tuli.log.Extras.Acks;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.ValueForm;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import java.util.List;

/** Frames about groups of readers as bytes, and back. */
final class GroupForm {

    private static final int POSITION_BYTES_MOST = 32;

    private GroupForm() {}

    /** What follows the place and the epoch. */
    static void write(FieldEncoder out, GroupFrame frame) {
        out.offset(frame.reader());
        switch (frame) {
            case GroupFrame.Claim f -> {
                out.text(f.group());
                ValueEncoder.position(out, f.released());
                out.flag(f.isLeaving());
                ValueEncoder.positions(out, f.places());
                acks(out, f.acks());
            }
            case GroupFrame.Grant f -> {
                out.text(f.group());
                out.offset(f.offset());
                ValueEncoder.positions(out, f.places());
                acks(out, f.acks());
            }
            case GroupFrame.Revoke f -> {
                out.offset(f.offset());
                out.text(f.detail());
            }
            case GroupFrame.Took f -> {
                out.offset(f.offset());
                ValueEncoder.positions(out, f.places());
                acks(out, f.acks());
            }
        }
    }

    static long sizeAtMost(GroupFrame frame) {
        return switch (frame) {
            case GroupFrame.Claim f ->
                    Text.sizeAtMost(f.group())
                            + places(f.places())
                            + ValueForm.sizeAtMost(f.acks());
            case GroupFrame.Grant f ->
                    Text.sizeAtMost(f.group())
                            + places(f.places())
                            + ValueForm.sizeAtMost(f.acks());
            case GroupFrame.Revoke f -> Text.sizeAtMost(f.detail());
            case GroupFrame.Took f -> places(f.places()) + ValueForm.sizeAtMost(f.acks());
        };
    }

    /** What such a frame ends with, where the group acknowledges. */
    private static void acks(FieldEncoder out, Acks acks) {
        if (!acks.isNone()) {
            out.end(ValueForm.write(out.array(), out.end(), acks));
        }
    }

    private static Acks acks(FieldDecoder in) {
        return in.leftBytes() == 0 ? Acks.NONE : in.readAcks();
    }

    private static long places(List<LogPosition> places) {
        return Varint.INT_BYTES_MAX + (long) POSITION_BYTES_MOST * places.size();
    }

    /**
     * Reads what follows the place and the epoch.
     *
     * @param textBytesMax longest explanation
     */
    static Frame read(
            FieldDecoder in,
            FrameType type,
            int service,
            int partition,
            Epoch epoch,
            int textBytesMax) {
        long reader = in.varOffset();
        return switch (type) {
            case CLAIM ->
                    new GroupFrame.Claim(
                            service,
                            partition,
                            epoch,
                            reader,
                            in.text(GroupPlace.NAME_BYTES_MAX),
                            in.readPosition(),
                            in.flag(),
                            in.readPlaces(),
                            acks(in));
            case GRANT ->
                    new GroupFrame.Grant(
                            service,
                            partition,
                            epoch,
                            reader,
                            in.text(GroupPlace.NAME_BYTES_MAX),
                            in.varOffset(),
                            in.readPlaces(),
                            acks(in));
            case REVOKE ->
                    new GroupFrame.Revoke(
                            service,
                            partition,
                            epoch,
                            reader,
                            in.varOffset(),
                            in.text(textBytesMax));
            case TOOK ->
                    new GroupFrame.Took(
                            service,
                            partition,
                            epoch,
                            reader,
                            in.varOffset(),
                            in.readPlaces(),
                            acks(in));
            default -> throw new IllegalStateException("not of a group: " + type);
        };
    }
}
