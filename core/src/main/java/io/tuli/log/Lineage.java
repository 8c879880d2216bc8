package io.tuli.log;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import java.util.ArrayList;
import java.util.List;

/**
 * Which epochs a changelog went through, and where each began; kept when the entries themselves are
 * trimmed. Of two changelogs it tells where they parted. One thread, but for {@link #published}.
 *
 * <p>Bound: the newest {@value #EPOCHS_MAX} epochs. Logs that parted before those count as parted
 * at the beginning.
 */
public final class Lineage {

    private static final int EPOCHS_MAX = 512;

    private final List<LogPosition> starts = new ArrayList<>();

    /** The same for other threads: a list that never changes, and another for each change. */
    private volatile List<LogPosition> published = List.of();

    /**
     * What other threads may read: where each epoch began, the oldest first. Empty while the
     * changelog is replaced by another. To work out where a document was changed, the list must be
     * the same before and after the document is read.
     */
    public List<LogPosition> published() {
        return published;
    }

    /** Where each epoch began, oldest first: the epoch and the offset of its first entry. */
    public List<LogPosition> starts() {
        return List.copyOf(starts);
    }

    /**
     * Whether the changelog has, or had, the entry that ends at a position.
     *
     * @param end of the changelog
     */
    public boolean has(LogPosition position, long end) {
        for (int i = starts.size() - 1; i >= 0; i--) {
            if (starts.get(i).epoch().equals(position.epoch())) {
                long until = i + 1 < starts.size() ? starts.get(i + 1).offset() : end;
                return position.offset() <= until;
            }
        }
        return false;
    }

    /**
     * Whether the changelog may yet come to have the entry that ends at a position: one of the
     * epoch committed last, or of a later one. A position of an epoch that was left behind, or
     * passed over, belongs to another changelog for ever. Which of later epochs will come nobody
     * knows.
     *
     * @param committedEnd the offset up to which the changelog never changes
     */
    public boolean mayReach(LogPosition position, long committedEnd) {
        Epoch reached = epochAt(committedEnd - 1);
        return position.offset() > committedEnd && !reached.isAfter(position.epoch());
    }

    /** The position right after the entry at an offset, whether that is kept or not. */
    public LogPosition positionAfter(long offset) {
        return new LogPosition(epochAt(offset), offset + 1);
    }

    /** The same by a list that was {@link #published}. */
    public static LogPosition positionAfter(List<LogPosition> starts, long offset) {
        return new LogPosition(epochAt(starts, offset), offset + 1);
    }

    /** The epoch in which the entry at an offset was appended; ZERO if that is not known. */
    public Epoch epochAt(long offset) {
        return epochAt(starts, offset);
    }

    private static Epoch epochAt(List<LogPosition> starts, long offset) {
        for (int i = starts.size() - 1; i >= 0; i--) {
            if (starts.get(i).offset() <= offset) {
                return starts.get(i).epoch();
            }
        }
        return Epoch.ZERO;
    }

    void appended(Epoch epoch, long offset) {
        boolean isNew = starts.isEmpty() || !starts.get(starts.size() - 1).epoch().equals(epoch);
        if (isNew) {
            starts.add(new LogPosition(epoch, offset));
            if (starts.size() > EPOCHS_MAX) {
                starts.remove(0);
            }
            publish();
        }
    }

    void truncateTo(long offset) {
        int before = starts.size();
        while (!starts.isEmpty() && starts.get(starts.size() - 1).offset() >= offset) {
            starts.remove(starts.size() - 1);
        }
        if (starts.size() < before) {
            publish();
        }
    }

    void resetTo(List<LogPosition> other) {
        starts.clear();
        starts.addAll(other);
        publish();
    }

    private void publish() {
        published = List.copyOf(starts);
    }

    /** The documents are about to become those of another changelog, which follows. */
    void withhold() {
        published = List.of();
    }

    /**
     * The offset up to which two changelogs are the same; what follows there only one of them has.
     *
     * @param theirs the other's {@link #starts()}
     */
    public long partsFrom(long end, List<LogPosition> theirs, long theirEnd) {
        int common = -1;
        int theirCommon = -1;
        for (int i = 0; i < starts.size(); i++) {
            int at = theirs.indexOf(starts.get(i));
            if (at >= 0) {
                common = i;
                theirCommon = at;
            }
        }
        if (common < 0) {
            return 0;
        }
        long ours = common + 1 < starts.size() ? starts.get(common + 1).offset() : end;
        long other =
                theirCommon + 1 < theirs.size() ? theirs.get(theirCommon + 1).offset() : theirEnd;
        return Math.min(ours, other);
    }
}
