package io.tuli;

import io.tuli.type.TypeOf;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A handler's one turn at one key: what it reads and what it decides. Used by the thread that runs
 * the handler, and no longer than the handler runs (or, where it answers with a stage, until that
 * completes).
 *
 * <p>Edits are limited to the message's top-level key, or to the keys the service's partitioner
 * places with it; they see each other and are committed together, or not at all. They mean what the
 * built-in {@link Verbs} mean, and throw what those are refused with: CONFLICT where something else
 * is in the way, BAD_REQUEST for what cannot be written, TOO_LARGE. Whoever catches that goes on as
 * if the edit had not been made.
 *
 * <p>Keys are texts of {@link Key}, in which a dot leads inside a document; BAD_REQUEST where a
 * text is no key. For names that may have dots of their own there is each method with a {@link
 * Key}.
 */
public interface Turn<T> {

    /**
     * The document at the message's top-level key, this turn's edits included; null if there is
     * none.
     */
    @Nullable T value();

    /** The value at a key of the same partition group, this turn's edits included. */
    default <V> @Nullable V value(String key, Class<V> type) {
        return value(parsed(key), type);
    }

    /** The same at exactly this key. */
    <V> @Nullable V value(Key key, Class<V> type);

    /** The value at a key as a type with parameters. */
    default <V> @Nullable V value(String key, TypeOf<V> type) {
        return value(parsed(key), type);
    }

    /** The same at exactly this key. */
    default <V> @Nullable V value(Key key, TypeOf<V> type) {
        return convert(value(key, Payload.class), type);
    }

    /**
     * The committed records of this member's replica that a query matches, of all keys; what this
     * turn decides, and what is not committed yet, is not among them. It looks at every document:
     * not for inline handlers.
     *
     * @param type what each record - a document and its key as {@code id} - is read as; {@code Map}
     *     for JSON-like values
     * @throws Refusal 400 where the query asks for more than its bounds allow
     */
    <R> Page<R> find(Query query, Class<R> type);

    /** The same, each record as a type with parameters. */
    <R> Page<R> find(Query query, TypeOf<R> type);

    /**
     * A value as it is read where it was written: a record as a map, a map as a record, a {@link
     * Payload} as what it is of.
     *
     * @throws TuliException BAD_REQUEST when it cannot be written, or read as that type
     */
    <V> @Nullable V convert(@Nullable Object value, Class<V> type);

    /** The same as a type with parameters; null where the value is none. */
    <V> @Nullable V convert(@Nullable Object value, TypeOf<V> type);

    /** The same as JSON-like values: texts, numbers, booleans, lists and maps. */
    default @Nullable Object convert(@Nullable Object value) {
        return convert(value, Object.class);
    }

    /** Sets the document at the message's top-level key. */
    void update(@Nullable Object value);

    /** Sets the value at a key. */
    default void update(String key, @Nullable Object value) {
        update(parsed(key), value);
    }

    /** The same at exactly this key. */
    void update(Key key, @Nullable Object value);

    /** Creates a key, or inserts into an array; throws CONFLICT where the key exists. */
    default void add(String key, @Nullable Object value) {
        add(parsed(key), value);
    }

    /** The same at exactly this key. */
    void add(Key key, @Nullable Object value);

    /** Appends to the array at a key, which is made if missing. */
    default void push(String key, @Nullable Object value) {
        push(parsed(key), value);
    }

    /** The same at exactly this key. */
    void push(Key key, @Nullable Object value);

    /**
     * Adds to the integer of 64 bits at a key, 0 if missing. Unlike a sum that is read, added to
     * and set, increments of two sides of a split add up.
     */
    default void increment(String key, long by) {
        increment(parsed(key), by);
    }

    /** The same at exactly this key. */
    void increment(Key key, long by);

    /** Makes a value an element of the set at a key, which is made if missing. */
    default void include(String key, Object element) {
        include(parsed(key), element);
    }

    /** The same at exactly this key. */
    void include(Key key, Object element);

    /** Takes an element out of the set at a key; one that is not there is no change. */
    default void exclude(String key, Object element) {
        exclude(parsed(key), element);
    }

    /** The same at exactly this key. */
    void exclude(Key key, Object element);

    /** Sets each field of {@code fields} below the key. */
    default void patch(String key, Object fields) {
        patch(parsed(key), fields);
    }

    /** The same at exactly this key. */
    void patch(Key key, Object fields);

    /** Removes a key; removing what is not there is no change. */
    default void remove(String key) {
        remove(parsed(key));
    }

    /** The same at exactly this key. */
    void remove(Key key);

    /**
     * The documents that this turn edits go by themselves after so long, counted from now on: in
     * place of what the message or the service says. A turn that edits nothing renews the document
     * at the message's key, if it is there.
     */
    void expireAfter(Duration duration);

    /** The documents that this turn edits, or that at the message's key, stay until removed. */
    void expireNever();

    /**
     * Sends a message to another service once this turn is committed, under an id derived from this
     * turn's. What holds for a message that is sent is checked here and now.
     *
     * @throws TuliException BAD_REQUEST when the service's name or the verb cannot be, or a text
     *     has half of a surrogate pair; TOO_LARGE when it is over a limit
     */
    void emit(String service, Message message);

    /**
     * Tells that something happened, at the message's key: committed in one with this turn's edits
     * and reply, and told after the edits, once, to every feed that {@linkplain Feed#events asks
     * for it}; a repeat of the request tells it no more. A turn may tell events alone, and at most
     * 64.
     *
     * @param name 1 to 100 bytes of UTF-8, not beginning with {@code $}
     * @param data what is told of it; null for nothing
     * @throws TuliException BAD_REQUEST for a name that cannot be, or where the message has no key;
     *     TOO_LARGE for one event too many, a longer name, or more than a turn may decide
     */
    void event(String name, @Nullable Object data);

    /**
     * The same, and connections of clients hear it that a gateway has put into one of these
     * channels. Feeds are told it in any case; who hears it besides is part of what is committed.
     *
     * @param channels at most 16, each of 1 to 100 bytes of UTF-8
     * @throws TuliException BAD_REQUEST also for a channel that cannot be, TOO_LARGE for too many
     */
    void event(String name, @Nullable Object data, Collection<String> channels);

    /** One reply of several; what the handler returns, unless null, comes after these. */
    void reply(@Nullable Object value);

    /**
     * Whether whoever sent the message has given it up: nobody waits for an answer. Told of
     * messages to members ({@code any()}, {@code member}, {@code all()}); of others it is false.
     */
    boolean isCancelled();

    /**
     * To be returned: lets the built-in verbs handle the message; METHOD_NOT_ALLOWED if it is none
     * of them.
     */
    Object pass();

    private static Key parsed(String key) {
        try {
            return Key.parse(key);
        } catch (IllegalArgumentException malformed) {
            String rule = String.valueOf(malformed.getMessage());
            throw new TuliException(Failure.BAD_REQUEST, rule);
        }
    }
}
