package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.Entry;
import java.util.List;

/** What a source partition's changelog holds after a place. */
sealed interface SourceSlice {

    /** Entries that follow the place. */
    record Entries(List<Entry> entries) implements SourceSlice {}

    /** Nothing yet; when there is, the partition progresses. */
    record Nothing() implements SourceSlice {}

    /** The place is not in the changelog, which begins at {@code start}. */
    record Lost(LogPosition start) implements SourceSlice {}

    int COUNT_MAX = 64;
    int BYTES_MAX = 256 << 10;

    /** Reads on the partition's loop. */
    static SourceSlice read(FeedHub hub, int partition, LogPosition place) {
        FeedSource source = hub.source();
        if (!hub.hasSynced(partition) || place.compareTo(source.applied(partition)) >= 0) {
            return new Nothing();
        }
        if (!source.contains(partition, place)) {
            return new Lost(source.logStart(partition));
        }
        return new Entries(source.entriesFrom(partition, place.offset(), COUNT_MAX, BYTES_MAX));
    }
}
