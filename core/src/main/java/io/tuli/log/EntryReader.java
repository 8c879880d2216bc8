package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.bytes.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One entry where it lies in an array: looks at all of it, and makes objects only of what is asked
 * for. Used for one entry after the other. One thread.
 *
 * <p>Every sequence of bytes is an entry of exactly one form or an {@link MalformedException};
 * nothing is allocated before it is known to be there.
 */
public final class EntryReader extends ExtrasReader {

    /** Fewest bytes of an entry. */
    public static final int BYTES_MIN = 31;

    private static final int EDIT_BYTES_MIN = 3;
    private static final Edit.Kind[] KINDS = Edit.Kind.values();
    private static final int UPDATE = Edit.Kind.UPDATE.ordinal();

    private Epoch epoch = Epoch.ZERO;

    private int from;
    private long origin;
    private long sequence;
    private long caller;
    private long digest;
    private int edits;
    private int editsAt;
    private int replyAt;
    private int marks;
    private int marksAt;

    /** Of the last edit read. */
    private int kind;

    private boolean isPlainKey;

    /** Reads the entry that begins at an index of an array; answers the index after it. */
    public int read(byte[] in, int start, int end) {
        begin(in, start, end);
        from = start;
        epoch(readEpoch());
        offset = varOffset();
        time = fixedLong();
        origin = fixedLong();
        sequence = varLong();
        digest = Sender.hasDigest(origin, sequence) ? fixedLong() : 0;
        caller = Sender.isApart(origin, sequence) ? fixedLong() : origin;
        edits = count(EDIT_BYTES_MIN);
        editsAt = at;
        for (int i = 0; i < edits; i++) {
            readEdit();
        }
        replyAt = at;
        skipPayload();
        marks = count(MARK_BYTES_MIN);
        marksAt = at;
        for (int i = 0; i < marks; i++) {
            readMark();
        }
        readExtras(edits);
        return at;
    }

    @SuppressWarnings("ReferenceEquality") // to write the same again would cost a fence with G1
    private void epoch(Epoch read) {
        if (epoch != read) {
            epoch = read;
        }
    }

    private void readEdit() {
        kind = octet();
        until = Edit.NEVER;
        if ((kind & EntryForm.UNTIL) != 0) {
            kind &= ~EntryForm.UNTIL;
            until = readUntil();
        }
        if (kind < 0 || kind >= KINDS.length) {
            throw new MalformedException("unknown kind of edit: number=" + (kind & 0xff));
        }
        readKey();
        readValue();
    }

    private void readKey() {
        int length = varInt();
        if (length > KEY_BYTES_MAX || length == 0) {
            throw new MalformedException(
                    "an edit's key has 1.." + KEY_BYTES_MAX + " bytes: bytes=" + length);
        }
        isPlainKey = readKey(length) && !hasSegments();
        if (!isPlainKey) {
            parsedKey();
        }
    }

    private boolean hasSegments() {
        for (int i = keyAt; i < at; i++) {
            if (bytes[i] == '.' || bytes[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** The key as it must be: in UTF-8, and in its shortest form. */
    private Key parsedKey() {
        return parsed(textAt(keyAt, keyBytes));
    }

    // ---- numbers -------------------------------------------------------------------------------

    public Epoch epoch() {
        return epoch;
    }

    /** Of the request's id. */
    public long origin() {
        return origin;
    }

    /** Of the request's id. */
    public long sequence() {
        return sequence;
    }

    /** See {@link Entry#caller}. */
    public long caller() {
        return caller;
    }

    /** Whether the request's id does not say who sent it. */
    public boolean isCallerApart() {
        return Sender.isApart(origin, sequence);
    }

    /** See {@link Entry#digest}. */
    public long digest() {
        return digest;
    }

    /** Whether no request made it. */
    public boolean isOfNobody() {
        return origin == 0 && sequence == 0;
    }

    /** Where in the array it begins. */
    public int from() {
        return from;
    }

    /** How many bytes it takes. */
    public int sizeBytes() {
        return at - from;
    }

    public boolean hasMarks() {
        return marks > 0;
    }

    /** Whether feeds may have something to tell of it. */
    public boolean tells() {
        return edits > 0 || events() > 0;
    }

    /** Whether it is one edit, of whatever kind. */
    boolean isSingle() {
        return edits == 1;
    }

    // ---- the edit that there mostly is ---------------------------------------------------------

    /**
     * Whether all it does is to write one document, whatever was there, under a key of plain ASCII
     * without segments.
     */
    public boolean isReplacement() {
        return edits == 1 && kind == UPDATE && isPlainKey && valueTag != 0;
    }

    // ---- objects -------------------------------------------------------------------------------

    public RequestId id() {
        return id(origin, sequence);
    }

    public Payload reply() {
        int end = at;
        at = replyAt;
        Payload reply = readPayload();
        at = end;
        return reply;
    }

    public List<Edit> edits() {
        if (edits == 0) {
            return List.of();
        }
        int end = at;
        at = editsAt;
        Edit[] all = new Edit[edits];
        for (int i = 0; i < all.length; i++) {
            readEdit();
            all[i] = new Edit(KINDS[kind], key(isPlainKey), document(), until);
        }
        at = end;
        return List.of(all);
    }

    private Key key(boolean isPlain) {
        return isPlain ? Key.parse(key()) : parsedKey();
    }

    public List<SourceMark> marks() {
        if (marks == 0) {
            return List.of();
        }
        int end = at;
        at = marksAt;
        List<SourceMark> all = new ArrayList<>(marks);
        for (int i = 0; i < marks; i++) {
            all.add(readMark());
        }
        at = end;
        return List.copyOf(all);
    }

    /** See {@link Entry#isFolded}. */
    public boolean isFolded() {
        return hasMarks() && !marks().getFirst().isOfMerge();
    }

    /** The events it tells, and what was there before it. */
    public Extras extras() {
        return hasExtras() ? extras(edits(), reply()) : Extras.NONE;
    }

    /** What an event tells is not written again where the entry has it. */
    void requireShortest() {
        if (events() > 0) {
            Entry entry = entry();
            byte[] shortest = new byte[EntryForm.sizeAtMost(entry)];
            int end = EntryForm.write(entry, shortest, 0);
            if (!Arrays.equals(shortest, 0, end, bytes, from, at)) {
                throw new MalformedException("an entry with events has its one form: " + offset);
            }
        }
    }

    /** All of it. */
    public Entry entry() {
        List<Edit> made = edits();
        Payload answer = reply();
        Extras more = extras(made, answer);
        return new Entry(epoch, offset, time, id(), caller, digest, made, answer, marks(), more);
    }
}
