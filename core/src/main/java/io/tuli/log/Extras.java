package io.tuli.log;

import io.tuli.Change;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.error.Require;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
     * @param acks of a group that acknowledges each change: what is known beyond that
     */
    public record GroupPlace(
            String name,
            long member,
            long reader,
            long seenMillis,
            List<LogPosition> places,
            Acks acks) {

        /** So many groups read one partition, whatever is set. */
        public static final int GROUPS_MAX = 256;

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

        /** Of a group that is told no more than how far it is. */
        public GroupPlace(
                String name, long member, long reader, long seenMillis, List<LogPosition> places) {
            this(name, member, reader, seenMillis, places, Acks.NONE);
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

        /** The same with other acknowledgements. */
        public GroupPlace with(Acks other) {
            return new GroupPlace(name, member, reader, seenMillis, places, other);
        }

        /** What there is after an entry has said this, where that was held before. */
        public GroupPlace after(GroupPlace before) {
            return with(acks.after(before.acks));
        }

        /** Roughly what it occupies in memory. */
        int sizeBytes() {
            return 64 + name.length() + 48 * places.size() + acks.sizeBytes();
        }
    }

    /**
     * What is known of a group that acknowledges each change, beyond the place up to which all is
     * consumed. Immutable.
     *
     * @param marks of entries after that place: settled, or begun
     * @param rejected what was rejected: in an entry and in what a reader says what is new, in what
     *     is held all there is
     * @param discarded places of rejected changes that are kept no more
     */
    public record Acks(List<Mark> marks, List<Rejected> rejected, List<LogPosition> discarded) {

        /** So many entries beyond its place a group knows about, whatever is set. */
        public static final int MARKS_MAX = 10_000;

        /** So many rejected changes of a partition a group keeps, whatever is set. */
        public static final int REJECTED_MAX = 1_000;

        public static final Acks NONE = new Acks(List.of(), List.of(), List.of());

        public Acks {
            marks = List.copyOf(marks);
            rejected = List.copyOf(rejected);
            discarded = List.copyOf(discarded);
        }

        public boolean isNone() {
            return marks.isEmpty() && rejected.isEmpty() && discarded.isEmpty();
        }

        /** Those rejected that are held when what these say is added to what was held before. */
        public Acks after(Acks before) {
            Map<LogPosition, Rejected> all = new LinkedHashMap<>();
            before.rejected.forEach(each -> all.put(each.at(), each));
            discarded.forEach(all::remove);
            rejected.forEach(each -> all.putIfAbsent(each.at(), each));
            return new Acks(marks, List.copyOf(all.values()), List.of());
        }

        /** Whether a change is among the rejected. */
        public boolean hasRejected(LogPosition at) {
            for (Rejected each : rejected) {
                if (each.at().equals(at)) {
                    return true;
                }
            }
            return false;
        }

        int sizeBytes() {
            int size = 64 * (marks.size() + discarded.size());
            for (Rejected each : rejected) {
                size += each.sizeBytes();
            }
            return size;
        }
    }

    /**
     * What is known of one entry beyond a group's place. Immutable.
     *
     * @param entry the place after it
     * @param attempts how often it was delivered; 0 where all of it is settled
     * @param dueMillis when it is to be delivered again, in milliseconds since 1970; 0 for at once
     * @param delayMillis how long before that it was said: nobody waits longer, whatever clocks say
     */
    public record Mark(LogPosition entry, int attempts, long dueMillis, long delayMillis) {

        /** Of which all is settled. */
        public static Mark settled(LogPosition entry) {
            return new Mark(entry, 0, 0, 0);
        }

        public boolean isSettled() {
            return attempts == 0;
        }

        /** What is known when both are: settled is settled, and attempts are the most. */
        public Mark with(Mark other) {
            if (isSettled() || other.isSettled()) {
                return isSettled() ? this : other;
            }
            boolean isAhead =
                    attempts == other.attempts
                            ? dueMillis > other.dueMillis
                            : attempts > other.attempts;
            return isAhead ? this : other;
        }
    }

    /**
     * A change that a group has rejected, or tried too often. Immutable.
     *
     * @param at the place after it, by which it is known
     * @param attempts how often it was delivered
     * @param atMillis when it was rejected, in milliseconds since 1970
     * @param changedMillis when it was made
     * @param why for people
     * @param kind what happened
     * @param key where
     * @param event the name of an event; empty where it is none
     * @param payload its value; none where that has more than {@link #PAYLOAD_BYTES_MAX}
     */
    public record Rejected(
            LogPosition at,
            int attempts,
            long atMillis,
            long changedMillis,
            String why,
            Change.Kind kind,
            Key key,
            String event,
            Payload payload) {

        /** Longest reason, in UTF-8. */
        public static final int WHY_BYTES_MAX = 1_024;

        /** Longest value that is kept. */
        public static final int PAYLOAD_BYTES_MAX = 32 << 10;

        /** Roughly what it occupies in memory, and at most in bytes. */
        public int sizeBytes() {
            return 128
                    + 3 * (why.length() + key.toString().length() + event.length())
                    + payload.sizeBytes();
        }
    }
}
