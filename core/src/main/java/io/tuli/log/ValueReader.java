package io.tuli.log;

import io.tuli.Change;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.bytes.FieldReader;
import io.tuli.bytes.MalformedException;
import java.util.ArrayList;
import java.util.List;

/** Reads the values that entries and frames are made of; {@link ValueForm} writes them. */
public abstract class ValueReader extends FieldReader {

    /** Fewest bytes of a position. */
    public static final int POSITION_BYTES_MIN = 2 + Long.BYTES;

    /** Fewest bytes of a group's place. */
    public static final int GROUP_BYTES_MIN = 5 + Long.BYTES;

    /** Fewest bytes of a mark. */
    public static final int MARK_BYTES_MIN = Integer.BYTES + 1 + POSITION_BYTES_MIN + 1;

    private static final int ACKS_BYTES_MIN = 5;
    private static final int REJECTED_BYTES_MIN = POSITION_BYTES_MIN + 9;
    private static final int KEY_BYTES_MAX = 64 << 10;
    private static final Change.Kind[] KINDS = Change.Kind.values();
    private static final Payload.Format[] FORMATS = Payload.Format.values();

    /** The last one read: values that follow each other mostly share it. */
    private Epoch latest = Epoch.ZERO;

    public final Epoch readEpoch() {
        int number = varInt();
        long owner = fixedLong();
        if (number != latest.number() || owner != latest.owner()) {
            latest = new Epoch(number, owner);
        }
        return latest;
    }

    public final LogPosition readPosition() {
        Epoch epoch = readEpoch();
        return new LogPosition(epoch, varOffset());
    }

    public final RequestId readId() {
        long origin = fixedLong();
        return id(origin, varLong());
    }

    static RequestId id(long origin, long sequence) {
        return origin == 0 && sequence == 0 ? RequestId.NONE : new RequestId(origin, sequence);
    }

    public final SourceMark readMark() {
        int service = fixedInt();
        int partition = varInt();
        LogPosition position = readPosition();
        int step = varInt();
        if (step == SourceMark.ALL) {
            throw new MalformedException(
                    "the whole of a source entry is written as step 0: " + step);
        }
        return new SourceMark(service, partition, position, step == 0 ? SourceMark.ALL : step);
    }

    /** How far a group of readers is. */
    public final Extras.GroupPlace readGroup() {
        int length = varInt();
        if (length > Extras.GroupPlace.NAME_BYTES_MAX || length == 0) {
            throw new MalformedException("a group's name has 1..64 bytes: bytes=" + length);
        }
        require(length);
        at += length;
        String name = textAt(at - length, length);
        long member = fixedLong();
        long reader = varOffset();
        long seenMillis = varOffset();
        return new Extras.GroupPlace(name, member, reader, seenMillis, readPlaces());
    }

    /** To groups what {@link ValueForm#writeAcks} wrote of some of them. */
    public final List<Extras.GroupPlace> readAcks(List<Extras.GroupPlace> groups) {
        List<Extras.GroupPlace> known = new ArrayList<>(groups);
        int count = count(ACKS_BYTES_MIN);
        int next = 0;
        for (int i = 0; i < count; i++) {
            String name = readText(Extras.GroupPlace.NAME_BYTES_MAX);
            while (next < known.size() && !known.get(next).name().equals(name)) {
                next++;
            }
            if (next == known.size()) {
                throw new MalformedException(
                        "acknowledgements are of groups that are there, in their order: count="
                                + count);
            }
            known.set(next, known.get(next).with(readAcks()));
            next++;
        }
        if (count == 0) {
            throw new MalformedException("acknowledgements are those of a group: count=" + count);
        }
        return List.copyOf(known);
    }

    /** What is known of a group beyond its place: something. */
    public final Extras.Acks readAcks() {
        List<Extras.Mark> marks = new ArrayList<>();
        int count = count(POSITION_BYTES_MIN + 3, Extras.Acks.MARKS_MAX, "marks of a group");
        for (int i = 0; i < count; i++) {
            marks.add(new Extras.Mark(readPosition(), varInt(), varOffset(), varOffset()));
        }
        List<Extras.Rejected> rejected = new ArrayList<>();
        count = count(REJECTED_BYTES_MIN, Extras.Acks.REJECTED_MAX, "rejected changes");
        for (int i = 0; i < count; i++) {
            rejected.add(readRejected());
        }
        List<LogPosition> discarded = new ArrayList<>();
        count = count(POSITION_BYTES_MIN + 1, Extras.Acks.REJECTED_MAX, "discarded changes");
        for (int i = 0; i < count; i++) {
            discarded.add(readPlace());
        }
        Extras.Acks acks = new Extras.Acks(marks, rejected, discarded);
        if (acks.isNone()) {
            throw new MalformedException("who has acknowledged nothing says nothing of it");
        }
        return acks;
    }

    private Extras.Rejected readRejected() {
        return new Extras.Rejected(
                readPlace(),
                varInt(),
                varOffset(),
                varOffset(),
                readText(Extras.Rejected.WHY_BYTES_MAX),
                readKind(),
                readKeyOrNone(),
                readText(Extras.NAME_BYTES_MAX),
                readPayload());
    }

    private Key readKeyOrNone() {
        String text = readText(KEY_BYTES_MAX);
        return text.isEmpty() ? Key.NONE : parsed(text);
    }

    private Change.Kind readKind() {
        int kind = octet() & 0xff;
        if (kind >= KINDS.length) {
            throw new MalformedException("unknown kind of a change: number=" + kind);
        }
        return KINDS[kind];
    }

    private LogPosition readPlace() {
        LogPosition entry = readPosition();
        return LogPosition.within(entry.epoch(), entry.offset(), varInt());
    }

    private String readText(int bytesMax) {
        int length = varInt();
        if (length > bytesMax) {
            throw new MalformedException(
                    "a text is too long: bytes=" + length + " max=" + bytesMax);
        }
        require(length);
        at += length;
        return textAt(at - length, length);
    }

    private int count(int bytesEach, int most, String what) {
        int count = count(bytesEach);
        if (count > most) {
            throw new MalformedException(what + " are 0.." + most + ": count=" + count);
        }
        return count;
    }

    /** What is consumed of a changelog, by epoch. */
    public final List<LogPosition> readPlaces() {
        int count = count(POSITION_BYTES_MIN);
        if (count > Consumed.EPOCHS_MAX) {
            throw new MalformedException("what is consumed has 0..8 places: count=" + count);
        }
        List<LogPosition> places = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            places.add(readPosition());
        }
        return places;
    }

    /** The key of a text, which must be its shortest form. */
    protected static Key parsed(String text) {
        Key key;
        try {
            key = Key.parse(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("a key breaks its rule: " + e.getMessage());
        }
        if (!key.toString().equals(text)) {
            throw new MalformedException("a key must be in its shortest form: " + key);
        }
        return key;
    }

    public final Payload readPayload() {
        int tag = payloadTag();
        at += tag >>> 2;
        return payload(tag, at - (tag >>> 2));
    }

    final void skipPayload() {
        int tag = payloadTag();
        at += tag >>> 2;
    }

    /** Length and format of a value, whose bytes are there; it comes next. */
    final int payloadTag() {
        int tag = varInt();
        int format = tag & 3;
        if (format >= FORMATS.length) {
            throw new MalformedException("unknown format of a value: number=" + format);
        }
        if (format == 0 && tag != 0) {
            throw new MalformedException("no value has no bytes: bytes=" + (tag >>> 2));
        }
        require(tag >>> 2);
        return tag;
    }

    final Payload payload(int tag, int from) {
        if (tag == 0) {
            return Payload.NONE;
        }
        byte[] value = new byte[tag >>> 2];
        System.arraycopy(bytes, from, value, 0, value.length);
        return Payload.of(formatOf(tag), value);
    }

    static Payload.Format formatOf(int tag) {
        return FORMATS[tag & 3];
    }
}
