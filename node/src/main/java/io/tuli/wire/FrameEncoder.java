package io.tuli.wire;

import io.netty.buffer.ByteBuf;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.TunnelFrame;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames to a buffer, each behind its length; allocates nothing of its own. One thread; any
 * may ask for sizes.
 */
public final class FrameEncoder {

    /** A frame without content: length 1, type 0. */
    public static final int KEEP_ALIVE_BYTES = 5;

    static final int LENGTH_BYTES = 4;
    static final byte STREAMS_FLAG = 4;
    static final byte FAILURE_FLAG = 8;
    static final byte OPENER_FLAG = 4;

    private final WireLimits limits;
    private final FieldEncoder fields = new FieldEncoder();

    public FrameEncoder(WireLimits limits) {
        this.limits = limits;
    }

    /**
     * How many bytes the frame takes; it may take a little less.
     *
     * @throws TuliException TOO_LARGE when it is over the limit, BAD_REQUEST when a string of it is
     *     no Unicode text; nothing has been written then, nothing is wrong with the link
     */
    public int sizeAtMost(Frame frame) {
        long size = FrameSize.atMost(frame);
        if (size > limits.frameBytes()) {
            requireFits(FrameType.of(frame), size);
        }
        return (int) size;
    }

    private void requireFits(FrameType type, long size) {
        int max = limits.bytesMax(type);
        if (size > max) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "a frame must fit its limit: type=" + type + " bytes=" + size + " max=" + max);
        }
    }

    /**
     * Room that {@link #encode} needs for the frame, more than it takes.
     *
     * @throws TuliException TOO_LARGE when it is over the limit
     */
    public int roomFor(Frame frame) {
        long quick = FrameSize.roomFor(frame);
        return quick <= limits.frameBytes() ? (int) quick : sizeAtMost(frame);
    }

    /** Appends a frame to a buffer that has an array, and grows if need be. */
    public void encode(Frame frame, ByteBuf out) {
        encode(frame, roomFor(frame), out);
    }

    /**
     * Appends a frame to a buffer that has an array.
     *
     * @param room for it
     * @throws TuliException BAD_REQUEST when a string of it is no Unicode text; the buffer is as
     *     before
     */
    public void encode(Frame frame, int room, ByteBuf out) {
        out.ensureWritable(room);
        int base = out.arrayOffset();
        int start = base + out.writerIndex();
        fields.begin(out.array(), start + LENGTH_BYTES);
        fields.octet(FrameType.of(frame).code());
        content(fields, frame);
        fields.lengthAt(start, fields.end() - start - LENGTH_BYTES);
        out.writerIndex(fields.end() - base);
    }

    /** Appends a sign of life. */
    public static void encodeKeepAlive(ByteBuf out) {
        out.writeInt(1);
        out.writeByte(FrameType.KEEP_ALIVE.code());
    }

    private static void content(FieldEncoder out, Frame frame) {
        switch (frame) {
            case Frame.Request f -> request(out, f);
            case Frame.Ask f -> ask(out, f);
            case Frame.Cancel f -> out.varLong(f.call());
            case Frame.Credit f -> {
                out.varLong(f.call());
                out.varInt(f.items());
            }
            case Frame.Accepted f -> accepted(out, f);
            case Frame.Result f -> result(out, f);
            case Frame.Redirect f -> {
                out.varLong(f.call());
                ValueEncoder.epoch(out, f.epoch());
                out.flag(f.isAppended());
            }
            case Frame.Item f -> {
                out.varLong(f.call());
                out.offset(f.index());
                ValueEncoder.payload(out, f.body());
            }
            case Frame.End f -> end(out, f);
            case Frame.OfMembership f -> ValueEncoder.payload(out, f.content());
            case Frame.Denied f -> {
                out.fixedInt(f.service());
                out.text(f.detail());
            }
            case Frame.Unseen f -> {
                out.varLong(f.call());
                out.octet(f.failure().ordinal());
                out.text(f.detail());
            }
            case Frame.Room f -> {
                out.varLong(f.call());
                out.fixedInt(f.service());
                out.varInt(f.slots());
            }
            case Frame.OfPartition f -> ofPartition(out, f);
            case Frame.OfSubjects f -> SubjectForm.write(out, f);
            case TunnelFrame.Piece f -> {
                out.varLong(f.call());
                out.octet(f.part().ordinal() | (f.toOpener() ? OPENER_FLAG : 0));
                out.offset(f.offset());
                ValueEncoder.payload(out, f.content());
            }
            case TunnelFrame.Taken f -> {
                out.varLong(f.call());
                out.flag(f.toOpener());
                out.offset(f.allowed());
            }
        }
    }

    private static void request(FieldEncoder out, Frame.Request f) {
        place(out, f);
        out.varLong(f.call());
        ValueEncoder.id(out, f.id());
        out.varInt(f.attempt());
        out.varInt(f.timeoutMillis());
        ValueEncoder.commit(out, f.commit());
        message(out, f.verb(), f.key(), f.body(), f.headers());
        ExtensionForm.write(out, f.extensions());
    }

    private static void ask(FieldEncoder out, Frame.Ask f) {
        out.fixedInt(f.service());
        out.varLong(f.call());
        ValueEncoder.id(out, f.id());
        out.varInt(f.timeoutMillis());
        message(out, f.verb(), f.key(), f.body(), f.headers());
        ExtensionForm.write(out, f.extensions());
    }

    private static void message(
            FieldEncoder out,
            String verb,
            Key key,
            Payload body,
            SortedMap<String, String> headers) {
        out.text(verb);
        out.text(key.toString());
        ValueEncoder.payload(out, body);
        out.varInt(headers.size());
        if (!headers.isEmpty()) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                out.text(header.getKey());
                out.text(header.getValue());
            }
        }
    }

    private static void accepted(FieldEncoder out, Frame.Accepted f) {
        out.varInt(f.calls().length);
        for (long call : f.calls()) {
            out.varLong(call);
        }
    }

    private static void result(FieldEncoder out, Frame.Result f) {
        int flags = f.outcome().ordinal() | (f.streams() ? STREAMS_FLAG : 0);
        out.octet(flags | (f.failure() != null ? FAILURE_FLAG : 0));
        out.varLong(f.call());
        failure(out, f.failure());
        out.text(f.detail());
        ValueEncoder.position(out, f.position());
        out.varInt(f.copies());
        out.varInt(f.disks());
        ValueEncoder.payload(out, f.body());
    }

    private static void end(FieldEncoder out, Frame.End f) {
        out.octet(f.failure() != null ? FAILURE_FLAG : 0);
        out.varLong(f.call());
        out.offset(f.count());
        failure(out, f.failure());
        out.text(f.detail());
    }

    private static void failure(FieldEncoder out, @Nullable Failure failure) {
        if (failure != null) {
            out.octet(failure.ordinal());
        }
    }

    private static void place(FieldEncoder out, Frame.OfPartition f) {
        out.fixedInt(f.service());
        out.varInt(f.partition());
    }

    private static void place(FieldEncoder out, Frame.OfPartition f, Epoch epoch) {
        place(out, f);
        ValueEncoder.epoch(out, epoch);
    }

    private static void ofPartition(FieldEncoder out, Frame.OfPartition frame) {
        switch (frame) {
            case Frame.Request f -> request(out, f);
            case Frame.Fence f -> {
                place(out, f, f.epoch());
                out.fixedLong(f.ringHash());
            }
            case Frame.Promise f -> {
                place(out, f, f.epoch());
                ValueEncoder.position(out, f.end());
                ValueEncoder.position(out, f.committed());
            }
            case Frame.NotYet f -> {
                place(out, f, f.epoch());
                out.fixedLong(f.ringHash());
            }
            case Frame.Stale f -> place(out, f, f.promised());
            case Frame.Fetch f -> {
                place(out, f, f.epoch());
                ValueEncoder.position(out, f.end());
                ValueEncoder.position(out, f.committed());
            }
            case Frame.NotOwner f -> place(out, f, f.promised());
            case Frame.Unfollow f -> place(out, f, f.epoch());
            case Frame.Sync f -> {
                place(out, f, f.epoch());
                out.offset(f.end());
            }
            case Frame.Synced f -> {
                place(out, f, f.epoch());
                ValueEncoder.position(out, f.end());
            }
            case GroupFrame f -> {
                place(out, f, f.epoch());
                GroupForm.write(out, f);
            }
            case Frame.Appended f -> {
                place(out, f, f.epoch());
                ValueEncoder.position(out, f.end());
            }
            case Frame.SnapshotTaken f -> {
                place(out, f, f.epoch());
                ValueEncoder.position(out, f.at());
                out.varInt(f.index());
            }
            case Frame.Fetched f -> fetched(out, f);
            case Frame.Follow f -> follow(out, f);
            case Frame.Append f -> append(out, f);
            case Frame.SnapshotPart f -> snapshotPart(out, f);
            case Frame.Recall f -> recall(out, f);
            case Frame.Recalled f -> recalled(out, f);
        }
    }

    private static void recall(FieldEncoder out, Frame.Recall f) {
        place(out, f, f.epoch());
        ValueEncoder.positions(out, f.lineage());
        out.offset(f.end());
        out.offset(f.from());
    }

    private static void recalled(FieldEncoder out, Frame.Recalled f) {
        place(out, f, f.epoch());
        out.offset(f.fork());
        out.offset(f.next());
        out.flag(f.last());
        ValueEncoder.entries(out, f.entries());
    }

    private static void fetched(FieldEncoder out, Frame.Fetched f) {
        place(out, f, f.epoch());
        ValueEncoder.position(out, f.prev());
        ValueEncoder.position(out, f.committed());
        out.flag(f.last());
        ValueEncoder.entries(out, f.entries());
    }

    private static void follow(FieldEncoder out, Frame.Follow f) {
        place(out, f, f.promised());
        ValueEncoder.position(out, f.end());
        ValueEncoder.position(out, f.committed());
        out.flag(f.counts());
    }

    private static void append(FieldEncoder out, Frame.Append f) {
        place(out, f, f.epoch());
        ValueEncoder.position(out, f.prev());
        out.offset(f.committedEnd());
        ValueEncoder.entries(out, f.entries());
    }

    private static void snapshotPart(FieldEncoder out, Frame.SnapshotPart f) {
        place(out, f, f.epoch());
        ValueEncoder.position(out, f.at());
        out.varInt(f.index());
        out.flag(f.last());
        ValueEncoder.snapshot(out, f.content());
    }
}
