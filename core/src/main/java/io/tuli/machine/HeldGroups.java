package io.tuli.machine;

import io.tuli.LogPosition;
import io.tuli.log.Extras.GroupPlace;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How far the groups are that read a partition, as its committed changelog says. One thread. */
public final class HeldGroups {

    private final Map<String, GroupPlace> groups = new TreeMap<>();

    /** An entry that is applied says so. */
    void note(List<GroupPlace> places) {
        for (GroupPlace place : places) {
            if (place.isForgotten()) {
                groups.remove(place.name());
            } else {
                groups.put(place.name(), place);
            }
        }
    }

    /** A snapshot says so. */
    void become(List<GroupPlace> places) {
        groups.clear();
        note(places);
    }

    public Collection<GroupPlace> all() {
        return groups.values();
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
