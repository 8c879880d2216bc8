package io.tuli.log;

import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.error.Require;
import java.util.List;

/**
 * What an entry has besides edits and reply; mostly nothing. Immutable.
 *
 * @param key the key of the message whose turn told the events; {@link Key#NONE} without events
 * @param events what the turn told, in order
 * @param before of each edit the value at its key before it; empty where that is not kept
 * @param isOverruled whether a merge gave up an edit of it for what the other side had written
 * @param groups how far groups of readers are, where it is an entry that says so
 */
public record Extras(
        Key key,
        List<Event> events,
        List<Payload> before,
        boolean isOverruled,
        List<GroupPlace> groups) {

    /** So many events a turn may tell. */
    public static final int EVENTS_MAX = 64;

    /** Longest name of an event, in UTF-8. */
    public static final int NAME_BYTES_MAX = 100;

    /** In so many channels an event is told. */
    public static final int CHANNELS_MAX = 16;

    /** Longest name of a channel, in UTF-8. */
    public static final int CHANNEL_BYTES_MAX = 100;

    public static final Extras NONE = new Extras(Key.NONE, List.of(), List.of(), false, List.of());

    /**
     * Something that happened, told with the entry.
     *
     * @param data what is told of it
     * @param channels whose connections hear it, besides feeds; mostly none
     */
    public record Event(String name, Payload data, List<String> channels) {

        public Event {
            channels = List.copyOf(channels);
            Require.argument(
                    channels.size() <= CHANNELS_MAX,
                    "an event is told in at most 16 channels",
                    channels.size());
        }

        /** One for feeds alone. */
        public Event(String name, Payload data) {
            this(name, data, List.of());
        }
    }

    public Extras {
        Require.argument(
                events.size() <= EVENTS_MAX, "a turn tells at most 64 events", events.size());
        Require.argument(
                events.isEmpty() == key.isNone(), "events, and they alone, have a key", key);
    }

    /** What a turn told at a key; the list is not to change any more. */
    public static Extras of(Key key, List<Event> events) {
        return events.isEmpty() ? NONE : new Extras(key, events, List.of(), false, List.of());
    }

    /** How far a group of readers is; no turn tells it. */
    public static Extras of(GroupPlace group) {
        return new Extras(Key.NONE, List.of(), List.of(), false, List.of(group));
    }

    /** The same with the values there were before the edits. */
    public Extras before(List<Payload> values) {
        return with(values, isOverruled);
    }

    /** The same as a merge took it over. */
    public Extras merged(List<Payload> values, boolean isNowOverruled) {
        return with(values, isOverruled || isNowOverruled);
    }

    private Extras with(List<Payload> values, boolean overruled) {
        boolean isNothing = events.isEmpty() && values.isEmpty() && groups.isEmpty();
        return isNothing ? NONE : new Extras(key, events, values, overruled, groups);
    }

    public boolean isNone() {
        return events.isEmpty() && before.isEmpty() && groups.isEmpty();
    }

    /** Roughly what it occupies in memory. */
    int sizeBytes() {
        int size = 0;
        if (!isNone()) {
            size += key.toString().length();
            for (Event event : events) {
                size += 64 + event.name().length() + event.data().sizeBytes();
                for (String channel : event.channels()) {
                    size += 48 + channel.length();
                }
            }
            for (Payload value : before) {
                size += 32 + value.sizeBytes();
            }
            for (GroupPlace group : groups) {
                size += group.sizeBytes();
            }
        }
        return size;
    }

    /**
     * How far a group of readers has consumed a partition, and who reads it: stored in an entry of
     * that partition's own changelog, so that whoever owns it next goes on from there. Immutable.
     *
     * @param name of the group
     * @param member incarnation of who reads, or may still; 0 for nobody
     * @param reader its number at that member
     * @param seenMillis when it was written, in milliseconds since 1970; 0 where the group is
     *     forgotten
     * @param places what is consumed: of each epoch up to where, see {@link Consumed}
     */
    public record GroupPlace(
            String name, long member, long reader, long seenMillis, List<LogPosition> places) {

        /** So many groups read one partition. */
        public static final int GROUPS_MAX = 16;

        /** Longest name of a group, in UTF-8. */
        public static final int NAME_BYTES_MAX = 64;

        public GroupPlace {
            Require.argument(!name.isEmpty(), "a group has a name", name);
            Require.argument(
                    places.size() <= Consumed.EPOCHS_MAX,
                    "what is consumed is said of the latest epochs",
                    places.size());
            places = List.copyOf(places);
        }

        /** Takes the group out of what is held. */
        public static GroupPlace forgotten(String name) {
            return new GroupPlace(name, 0, 0, 0, List.of());
        }

        public boolean isForgotten() {
            return seenMillis == 0;
        }

        public Consumed consumed() {
            return Consumed.ofPlaces(places);
        }

        /** Roughly what it occupies in memory. */
        int sizeBytes() {
            return 64 + name.length() + 48 * places.size();
        }
    }
}
