package io.tuli.log;

import io.tuli.Key;
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
 */
public record Extras(Key key, List<Event> events, List<Payload> before, boolean isOverruled) {

    /** So many events a turn may tell. */
    public static final int EVENTS_MAX = 64;

    /** Longest name of an event, in UTF-8. */
    public static final int NAME_BYTES_MAX = 100;

    /** In so many channels an event is told. */
    public static final int CHANNELS_MAX = 16;

    /** Longest name of a channel, in UTF-8. */
    public static final int CHANNEL_BYTES_MAX = 100;

    public static final Extras NONE = new Extras(Key.NONE, List.of(), List.of(), false);

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
        return events.isEmpty() ? NONE : new Extras(key, events, List.of(), false);
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
        boolean isNothing = events.isEmpty() && values.isEmpty();
        return isNothing ? NONE : new Extras(key, events, values, overruled);
    }

    public boolean isNone() {
        return events.isEmpty() && before.isEmpty();
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
        }
        return size;
    }
}
