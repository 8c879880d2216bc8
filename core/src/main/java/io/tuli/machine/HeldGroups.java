package io.tuli.machine;

import io.tuli.LogPosition;
import io.tuli.log.EntryReader;
import io.tuli.log.Extras.GroupPlace;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far the groups are that read a partition, as its committed changelog says. One thread. */
public final class HeldGroups {

    private final Map<String, GroupPlace> groups = new TreeMap<>();
    private long changedEnd;

    /**
     * An entry is applied.
     *
     * @param end the offset after it
     */
    void apply(EntryReader entry, long end) {
        if (entry.tells()) {
            changedEnd = end;
        }
        if (entry.hasGroups()) {
            note(entry.extras().groups());
        }
    }

    private void note(List<GroupPlace> places) {
        for (GroupPlace place : places) {
            if (place.isForgotten()) {
                groups.remove(place.name());
            } else {
                groups.merge(place.name(), place, (before, later) -> later.after(before));
            }
        }
    }

    /**
     * A snapshot says so.
     *
     * @param end its place
     */
    void become(List<GroupPlace> places, long end) {
        groups.clear();
        changedEnd = end;
        note(places);
    }

    public Collection<GroupPlace> all() {
        return groups.values();
    }

    /** How far a group is; null where there is none of that name. */
    public @Nullable GroupPlace find(String name) {
        return groups.get(name);
    }

    /**
     * How many entries a group has yet to consume: all after its place up to the last one that
     * tells something.
     *
     * @param starts where each epoch of the changelog began
     * @param end up to where it is committed
     */
    public long lag(GroupPlace place, List<LogPosition> starts, LogPosition end) {
        long from = place.consumed().placeIn(starts, end).offset();
        return Math.max(0, Math.min(changedEnd, end.offset()) - from);
    }

    /**
     * The offset from which on some group may have to read.
     *
     * @param starts where each epoch of the changelog began
     * @param end up to where it is committed
     */
    long neededFrom(List<LogPosition> starts, LogPosition end) {
        long least = Long.MAX_VALUE;
        for (GroupPlace place : groups.values()) {
            least = Math.min(least, place.consumed().placeIn(starts, end).offset());
        }
        return least;
    }
}
