package io.tuli;

import io.tuli.error.Excerpt;
import io.tuli.type.TypeOf;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A committed mutation, or an event that came with some, as a feed delivers it. Immutable.
 *
 * @param partition its partition
 * @param position the place right after it: a feed {@code from} there goes on with the next change,
 *     of the same entry if that has more
 * @param time the owner's wall clock, for people; order never depends on it
 * @param id the request that caused it
 * @param kind what happened
 * @param key where; of an event the key of the message whose turn told it; {@link Key#NONE} only in
 *     a RESET
 * @param payload the value as it was sent, or what the event tells
 * @param codec reads the value
 * @param event the name of an event; empty where it is none
 * @param isOverruled of an event: whether a merge after a split has given up an edit of its entry,
 *     for what the other side had written
 * @param earlier the value at the key before, as it was sent; null where the service does not keep
 *     it
 * @param channels of an event: whose connections hear it at gateways, see {@link Turn#event(String,
 *     Object, java.util.Collection)}; mostly none
 * @param reason why it happened
 */
public record Change(
        int partition,
        LogPosition position,
        Instant time,
        RequestId id,
        Kind kind,
        Key key,
        Payload payload,
        Codec codec,
        String event,
        boolean isOverruled,
        @Nullable Payload earlier,
        List<String> channels,
        Reason reason) {

    public Change {
        channels = List.copyOf(channels);
    }

    /** A change that is no event, and that somebody asked for. */
    public Change(
            int partition,
            LogPosition position,
            Instant time,
            RequestId id,
            Kind kind,
            Key key,
            Payload payload,
            Codec codec) {
        this(
                partition,
                position,
                time,
                id,
                kind,
                key,
                payload,
                codec,
                "",
                false,
                Payload.NONE,
                List.of(),
                Reason.REQUEST);
    }

    /** Why something changed. */
    public enum Reason {
        /** Somebody asked for it. */
        REQUEST,
        /** A REMOVE: the document's time was over, see {@link ServiceConfig#expireAfter}. */
        EXPIRED;

        /** That of an edit. */
        public static Reason of(Edit.Kind kind) {
            return kind == Edit.Kind.EXPIRE ? EXPIRED : REQUEST;
        }
    }

    /**
     * {@code update}, {@code add}, {@code remove}, {@code push}, {@code increment}, {@code
     * include}, {@code exclude}, {@code touch}, {@code event} or {@code reset}.
     */
    public String verb() {
        return kind.verb();
    }

    /** The value as strings, numbers, booleans, lists and maps; null for a removal or nothing. */
    public @Nullable Object value() {
        return codec.decode(payload, Object.class);
    }

    /** The value as a {@code type}; null for a removal or nothing. */
    public <V> @Nullable V value(Class<V> type) {
        return codec.decode(payload, type);
    }

    /** The same as a type with parameters. */
    public <V> @Nullable V value(TypeOf<V> type) {
        return codec.decode(payload, type);
    }

    /**
     * The value at the key right before this change, as strings, numbers, booleans, lists and maps:
     * what its entry kept. Null if there was none; of what is added, of events, and in the state
     * that follows a RESET, too.
     *
     * @throws TuliException METHOD_NOT_ALLOWED where the service does not keep it, see {@link
     *     ServiceConfig#keepBefore}
     */
    public @Nullable Object before() {
        return before(Object.class);
    }

    /** The same as a {@code type}. */
    public <V> @Nullable V before(Class<V> type) {
        return codec.decode(requireEarlier(), type);
    }

    /** The same as a type with parameters. */
    public <V> @Nullable V before(TypeOf<V> type) {
        return codec.decode(requireEarlier(), type);
    }

    private Payload requireEarlier() {
        if (earlier == null) {
            throw new TuliException(
                    Failure.METHOD_NOT_ALLOWED,
                    "a change says what was before where its service keeps that: key="
                            + Excerpt.of(key)
                            + " position="
                            + position
                            + "; serve it with keepBefore()");
        }
        return earlier;
    }

    /** What a feed can tell. */
    public enum Kind {
        UPDATE,
        ADD,
        REMOVE,
        INCREMENT,
        INCLUDE,
        EXCLUDE,
        /** The value is the new last element of the array at the key. */
        PUSH,
        /** A handler told it, see {@link Turn#event}; {@link Change#event} is its name. */
        EVENT,
        /** The document goes at another time than before, or stays; its value is the same. */
        TOUCH,
        /**
         * The partition's state was replaced as a whole, because what came between is no longer in
         * the changelog: forget its keys. One UPDATE for each key it holds now follows.
         */
        RESET;

        /** The edit's kind as a feed tells it. */
        public static Kind of(Edit.Kind kind) {
            return switch (kind) {
                case UPDATE -> UPDATE;
                case ADD, INSERT -> ADD;
                case REMOVE, EXPIRE -> REMOVE;
                case TOUCH -> TOUCH;
                case INCREMENT -> INCREMENT;
                case INCLUDE -> INCLUDE;
                case EXCLUDE -> EXCLUDE;
                case PUSH -> PUSH;
            };
        }

        public String verb() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
