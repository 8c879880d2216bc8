package io.tuli;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A place in a service's changelogs, from which a feed goes on. Immutable.
 *
 * @param kind how the place is meant
 * @param exact of EXACT: partition to the place in it; partitions not named start at the beginning
 * @param time of TIME: the first change at or after it
 */
public record Position(Kind kind, SortedMap<Integer, LogPosition> exact, Instant time) {

    private static final Position START = new Position(Kind.START, new TreeMap<>(), Instant.EPOCH);
    private static final Position LATEST =
            new Position(Kind.LATEST, new TreeMap<>(), Instant.EPOCH);

    public Position {
        exact = Collections.unmodifiableSortedMap(new TreeMap<>(exact));
    }

    /**
     * Everything there is: the state so far, or where the changelog reaches back, its changes; then
     * what follows.
     */
    public static Position start() {
        return START;
    }

    /** Only what is committed from now on. */
    public static Position latest() {
        return LATEST;
    }

    /** After the given places. */
    public static Position exact(SortedMap<Integer, LogPosition> places) {
        return new Position(Kind.EXACT, places, Instant.EPOCH);
    }

    /** Changes at or after an instant of the owners' clocks. */
    public static Position time(Instant instant) {
        return new Position(Kind.TIME, new TreeMap<>(), instant);
    }

    /** This exact position with one partition moved to after a change or a receipt. */
    public Position with(int partition, LogPosition place) {
        SortedMap<Integer, LogPosition> moved = new TreeMap<>(exact);
        moved.put(partition, place);
        return new Position(Kind.EXACT, moved, Instant.EPOCH);
    }

    /** How a position is meant. */
    public enum Kind {
        START,
        LATEST,
        EXACT,
        TIME
    }
}
