package io.tuli.fold;

import io.tuli.LogPosition;
import io.tuli.feed.FeedHub;
import io.tuli.feed.FeedSource;
import io.tuli.log.Entry;
import java.util.List;

/** What a source partition's changelog holds after a place. */
sealed interface SourceSlice {

    /**
     * Entries that follow the place.
     *
     * @param end the place up to which the changelog is applied
     * @param epochs where each of its epochs began
     */
    record Entries(List<Entry> entries, LogPosition end, List<LogPosition> epochs)
            implements SourceSlice {}

    /** Nothing yet; when there is, the partition progresses. */
    record Nothing(LogPosition end, List<LogPosition> epochs) implements SourceSlice {}

    /**
     * The place is not in the changelog: that is trimmed, or not there yet, or another one.
     *
     * @param start the place before its oldest entry
     */
    record Elsewhere(LogPosition start, LogPosition end, List<LogPosition> epochs)
            implements SourceSlice {}

    int COUNT_MAX = 64;
    int BYTES_MAX = 256 << 10;

    /** Reads on the partition's loop. */
    static SourceSlice read(FeedHub hub, int partition, LogPosition place) {
        FeedSource source = hub.source();
        LogPosition end = source.applied(partition);
        List<LogPosition> epochs = source.epochs(partition);
        if (!hub.hasSynced(partition) || place.equals(end)) {
            return new Nothing(end, hub.hasSynced(partition) ? epochs : List.of());
        }
        if (!source.contains(partition, place)) {
            return new Elsewhere(source.logStart(partition), end, epochs);
        }
        return new Entries(
                source.entriesFrom(partition, place.offset(), COUNT_MAX, BYTES_MAX), end, epochs);
    }
}
