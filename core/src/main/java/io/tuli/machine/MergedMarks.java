package io.tuli.machine;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.log.SourceMark;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a changelog has taken in by merging: of each epoch of other changelogs, up to where. With
 * its own lineage it says of any entry whether the changelog knows it, however it came there; so
 * that nothing is merged twice, whoever brings it, in whatever order. One thread.
 *
 * <p>Bound: the latest {@value #EPOCHS_MAX} epochs.
 */
public final class MergedMarks {

    private static final int EPOCHS_MAX = 512;

    private final TreeMap<Epoch, SourceMark> ends = new TreeMap<>();

    public void add(SourceMark mark) {
        ends.merge(
                mark.position().epoch(), mark, (before, now) -> now.isAfter(before) ? now : before);
        if (ends.size() > EPOCHS_MAX) {
            ends.pollFirstEntry();
        }
    }

    void addAll(MergedMarks others) {
        others.ends.values().forEach(this::add);
    }

    public boolean has(LogPosition position) {
        SourceMark end = ends.get(position.epoch());
        return end != null && end.position().offset() >= position.offset();
    }

    /** The offset up to which of an epoch was merged; -1 if nothing was. */
    public long endOf(Epoch epoch) {
        SourceMark end = ends.get(epoch);
        return end == null ? -1 : end.position().offset();
    }

    /** Whether anything of the epoch was merged. */
    public boolean hasAny(Epoch epoch) {
        return ends.containsKey(epoch);
    }

    /** As they are stored and sent. */
    public List<SourceMark> marks() {
        return new ArrayList<>(ends.values());
    }

    void clear() {
        ends.clear();
    }
}
