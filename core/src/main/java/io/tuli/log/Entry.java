package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.error.Require;
import java.util.List;

/**
 * What one decision appends to a changelog: its edits, and with them the identity and the reply of
 * the request, so that whoever owns the partition next recognises a repeat and can answer it.
 *
 * @param epoch ownership period in which it was appended
 * @param offset its 0-based place
 * @param time hybrid logical clock: milliseconds since 1970 shifted left by 16, plus a counter
 * @param id the request; {@link RequestId#NONE} for the opening of an epoch and for marks
 * @param caller incarnation of who sent it: the id's origin, but where the id is a name
 * @param digest of the request's key, verb, body and condition; 0 where that is not known
 * @param edits in order; none in an opening
 * @param reply the stored reply
 * @param marks source positions this entry moves
 * @param extras the events it tells, and what was there before it
 */
public record Entry(
        Epoch epoch,
        long offset,
        long time,
        RequestId id,
        long caller,
        long digest,
        List<Edit> edits,
        Payload reply,
        List<SourceMark> marks,
        Extras extras) {

    /** What an entry costs besides its values, in bytes: for limits, not exact. */
    private static final int OVERHEAD_BYTES = 96;

    public Entry {
        Require.argument(offset >= 0, "offset must be >= 0", offset);
    }

    /** An entry of edits and reply alone. */
    public Entry(
            Epoch epoch,
            long offset,
            long time,
            RequestId id,
            long caller,
            long digest,
            List<Edit> edits,
            Payload reply,
            List<SourceMark> marks) {
        this(epoch, offset, time, id, caller, digest, edits, reply, marks, Extras.NONE);
    }

    /** An entry whose request is known by its id alone. */
    public Entry(
            Epoch epoch,
            long offset,
            long time,
            RequestId id,
            List<Edit> edits,
            Payload reply,
            List<SourceMark> marks) {
        this(epoch, offset, time, id, id.origin(), 0, edits, reply, marks);
    }

    /**
     * The entry that begins an epoch: once it is committed, so is everything adopted from earlier
     * ones.
     */
    public static Entry opening(Epoch epoch, long offset, long time) {
        return new Entry(epoch, offset, time, RequestId.NONE, List.of(), Payload.NONE, List.of());
    }

    /** The position right after this entry. */
    public LogPosition position() {
        return new LogPosition(epoch, offset + 1);
    }

    /** Whether it is what a fold made of a source: its marks recognise a repeat, not its id. */
    public boolean isFolded() {
        return !marks.isEmpty() && !marks.getFirst().isOfMerge();
    }

    /**
     * Whether it stands for all that changed documents on another side of a split: no request made
     * it.
     */
    public boolean isCondensed() {
        return id.isNone() && !edits.isEmpty() && !isFolded() && !isExpiry();
    }

    /** Whether it is its owner's own, which takes out what has outlived its time. */
    public boolean isExpiry() {
        return id.isNone() && !edits.isEmpty() && edits.get(0).kind() == Edit.Kind.EXPIRE;
    }

    public long wallMillis() {
        return time >>> 16;
    }

    /** What it takes at most as bytes, in the changelog and in a frame. */
    public int formBytes() {
        return EntryForm.bytesAtMost(this);
    }

    /** Roughly what it occupies in memory. */
    public int sizeBytes() {
        int size = OVERHEAD_BYTES + reply.sizeBytes() + marks.size() * 40 + extras.sizeBytes();
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            size += 64 + edit.key().toString().length() + edit.value().sizeBytes();
        }
        return size;
    }
}
