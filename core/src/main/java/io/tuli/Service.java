package io.tuli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A logical name, and the only address there is: its state, its handler, its changes. Thread-safe.
 *
 * <p>Keys are texts of {@link Key}: {@code u42.address.city} is a field of the document {@code
 * u42}. All writes are ordered by the owner of their top-level key.
 */
public interface Service<T> {

    String name();

    /**
     * The documents of the local replica by top-level key: a live, read-only view; reads never wait
     * and never leave.
     */
    Map<String, T> state();

    /** The value at a deep key of the local replica as a {@code type}; null if there is none. */
    <V> @Nullable V get(String key, Class<V> type);

    /**
     * Reads the committed value at a deep key at the key's owner, over the network: for those
     * without a replica. Changes nothing; replies null if there is none.
     */
    <V> Call<V> read(String key, Class<V> type);

    /** Sets the value at a key. */
    Call<Void> update(String key, @Nullable Object value);

    /** Removes a key; replies whether it was there. */
    Call<Boolean> remove(String key);

    /** Creates a key, CONFLICT if it exists; replies the key. */
    Call<String> add(String key, @Nullable Object value);

    /** Creates a document under a new unique key; replies the key. */
    Call<String> add(@Nullable Object value);

    /** Appends to the array at a key; replies the index. */
    Call<Integer> push(String key, @Nullable Object value);

    /**
     * Adds to the number at a key, 0 if missing; replies the sum. Increments made on two sides of a
     * split add up.
     */
    Call<Long> increment(String key, long by);

    /**
     * Makes a value an element of the set at a key: an array without repetitions, read as a {@code
     * Set} or a {@code List}. Replies whether it was none before. Of two sides of a split, both
     * sides' inclusions stay. Elements are the same where their JSON text is.
     */
    Call<Boolean> include(String key, Object element);

    /**
     * Takes an element out of the set at a key; replies whether it was there. After a split, an
     * element stays that the other side has included meanwhile.
     */
    Call<Boolean> exclude(String key, Object element);

    /** Sets each field of {@code fields} below a key, together. */
    Call<Void> patch(String key, Object fields);

    /** Applies a change as another feed delivered it, or one of your own making. */
    Call<Void> set(Edit edit);

    /**
     * Sends a message to the owner of its key; the reply as strings, numbers, booleans, lists and
     * maps.
     */
    Call<Object> send(Message message);

    /** Sends a message to the owner of its key; the reply as an {@code R}. */
    <R> Call<R> send(Message message, Class<R> reply);

    /** This service narrowed to one key. */
    Target key(String key);

    /** One server, whichever: messages without a key, spread evenly. */
    Target any();

    /**
     * All servers at once, a survey: replies come as a stream within one second unless the message
     * says.
     */
    Target all();

    /** One particular server. */
    Target member(MemberId id);

    /** Every committed change, on every member that holds a replica. */
    Feed<Change> feed();

    /** Every committed entry. */
    Feed<Committed> commits();

    /**
     * Blocks until the local replica of every partition is in sync, or fails with TIMEOUT at the
     * deadline.
     */
    void awaitSync(java.time.Duration within);

    /** A service narrowed to a part of itself. */
    interface Target {

        Call<Object> send(Message message);

        <R> Call<R> send(Message message, Class<R> reply);
    }
}
