package io.tuli.log;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.bytes.BigEndian;
import io.tuli.bytes.Varint;
import java.nio.charset.StandardCharsets;

/**
 * Writes the values that entries and frames are made of into an array that has room for them; each
 * method answers the index after what it wrote. {@link ValueReader} is the inverse. Stateless.
 */
public final class ValueForm {

    static final int EPOCH_BYTES_MAX = Varint.INT_BYTES_MAX + Long.BYTES;
    static final int MARK_BYTES_MAX =
            Integer.BYTES + 2 * Varint.INT_BYTES_MAX + EPOCH_BYTES_MAX + Varint.LONG_BYTES_MAX;

    private static final int UTF8_BYTES_MOST = 3;

    private ValueForm() {}

    /** Room that a group's place needs; it may need less. */
    public static int sizeAtMost(Extras.GroupPlace group) {
        return 3 * Varint.LONG_BYTES_MAX
                + Long.BYTES
                + UTF8_BYTES_MOST * group.name().length()
                + group.places().size() * (EPOCH_BYTES_MAX + Varint.LONG_BYTES_MAX)
                + UTF8_BYTES_MOST * group.name().length()
                + sizeAtMost(group.acks());
    }

    /** Room that acknowledgements need; they may need less. */
    public static int sizeAtMost(Extras.Acks acks) {
        if (acks.isNone()) {
            return 0;
        }
        int place = EPOCH_BYTES_MAX + Varint.LONG_BYTES_MAX + Varint.INT_BYTES_MAX;
        int size = 4 * Varint.INT_BYTES_MAX;
        size += acks.marks().size() * (place + 2 * Varint.LONG_BYTES_MAX);
        size += acks.discarded().size() * place;
        for (Extras.Rejected each : acks.rejected()) {
            size += each.sizeBytes() + place;
        }
        return size;
    }

    /** The name of a group that acknowledges, and what is known of it beyond its place. */
    public static int writeAcks(byte[] into, int from, Extras.GroupPlace group) {
        return write(into, writeText(into, from, group.name()), group.acks());
    }

    public static int write(byte[] into, int from, Extras.Acks acks) {
        int at = Varint.write(into, from, acks.marks().size());
        for (Extras.Mark mark : acks.marks()) {
            at = write(into, at, mark.entry());
            at = Varint.writeNatural(into, at, mark.attempts());
            at = Varint.writeNatural(into, at, mark.dueMillis());
            at = Varint.writeNatural(into, at, mark.delayMillis());
        }
        at = Varint.write(into, at, acks.rejected().size());
        for (Extras.Rejected each : acks.rejected()) {
            at = write(into, at, each);
        }
        at = Varint.write(into, at, acks.discarded().size());
        for (LogPosition place : acks.discarded()) {
            at = writePlace(into, at, place);
        }
        return at;
    }

    private static int write(byte[] into, int from, Extras.Rejected rejected) {
        int at = writePlace(into, from, rejected.at());
        at = Varint.writeNatural(into, at, rejected.attempts());
        at = Varint.writeNatural(into, at, rejected.atMillis());
        at = Varint.writeNatural(into, at, rejected.changedMillis());
        at = writeText(into, at, rejected.why());
        into[at] = (byte) rejected.kind().ordinal();
        at = writeText(into, at + 1, rejected.key().toString());
        at = writeText(into, at, rejected.event());
        return write(into, at, rejected.payload());
    }

    /** A place that may lie within an entry. */
    private static int writePlace(byte[] into, int from, LogPosition place) {
        return Varint.writeNatural(into, write(into, from, place), place.index());
    }

    private static int writeText(byte[] into, int from, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int at = Varint.write(into, from, bytes.length);
        System.arraycopy(bytes, 0, into, at, bytes.length);
        return at + bytes.length;
    }

    public static int write(byte[] into, int from, Extras.GroupPlace group) {
        byte[] name = group.name().getBytes(StandardCharsets.UTF_8);
        int at = Varint.write(into, from, name.length);
        System.arraycopy(name, 0, into, at, name.length);
        at = BigEndian.writeLong(into, at + name.length, group.member());
        at = Varint.writeNatural(into, at, group.reader());
        at = Varint.writeNatural(into, at, group.seenMillis());
        at = Varint.writeNatural(into, at, group.places().size());
        for (LogPosition place : group.places()) {
            at = write(into, at, place);
        }
        return at;
    }

    public static int write(byte[] into, int from, Epoch epoch) {
        int at = Varint.writeNatural(into, from, epoch.number());
        return BigEndian.writeLong(into, at, epoch.owner());
    }

    public static int write(byte[] into, int from, LogPosition position) {
        int at = write(into, from, position.epoch());
        return Varint.writeNatural(into, at, position.offset());
    }

    public static int write(byte[] into, int from, RequestId id) {
        int at = BigEndian.writeLong(into, from, id.origin());
        return Varint.write(into, at, id.sequence());
    }

    public static int write(byte[] into, int from, SourceMark mark) {
        int at = BigEndian.writeInt(into, from, mark.service());
        at = Varint.writeNatural(into, at, mark.partition());
        at = write(into, at, mark.position());
        return Varint.writeNatural(into, at, mark.step() == SourceMark.ALL ? 0 : mark.step());
    }

    public static int write(byte[] into, int from, Payload payload) {
        byte[] value = payload.bytes();
        return write(into, from, payload.format(), value, 0, value.length);
    }

    /** A payload of these bytes. */
    static int write(
            byte[] into, int from, Payload.Format format, byte[] value, int first, int length) {
        int at = Varint.write(into, from, ((long) length << 2) | format.ordinal());
        System.arraycopy(value, first, into, at, length);
        return at + length;
    }
}
