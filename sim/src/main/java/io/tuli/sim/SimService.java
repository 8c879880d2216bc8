package io.tuli.sim;

import io.tuli.Change;
import io.tuli.Message;
import io.tuli.Verbs;
import io.tuli.Versioned;
import io.tuli.cluster.ClusterService;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A service as one simulated member serves or uses it. Reads are of the local replica and take no
 * time; everything else is a {@link SimCall}, which goes on as virtual time passes. One thread.
 */
public final class SimService<T> {

    private final SimCluster cluster;
    private final SimMember member;
    private final ClusterService<T> inside;

    SimService(SimCluster cluster, SimMember member, ClusterService<T> inside) {
        this.cluster = cluster;
        this.member = member;
        this.inside = inside;
    }

    public String name() {
        return inside.name();
    }

    public SimMember member() {
        return member;
    }

    // ---- the replica ---------------------------------------------------------------------------

    /** The document at a top-level key, or the value at a deep one; null if there is none. */
    public @Nullable T get(String key) {
        return inside.get(key);
    }

    /** The value at a deep key as a {@code V}; null if there is none. */
    public <V> @Nullable V get(String key, Class<V> as) {
        return inside.get(key, as);
    }

    /** The document at a top-level key of the replica, and which of its versions that is. */
    public Versioned<T> versioned(String key) {
        return inside.versioned(key);
    }

    /** All documents of the replica as of now, by top-level key. */
    public SortedMap<String, T> state() {
        return inside.state();
    }

    /** The living member that owns the key; null while there is none. */
    public @Nullable SimMember ownerOf(String key) {
        return cluster.living(inside.ownerOf(key));
    }

    /**
     * Tells of every change committed from now on, as a feed would; after a {@link
     * Change.Kind#RESET} come the documents there are then.
     */
    public void onChange(Consumer<Change> listener) {
        inside.onChange(listener);
    }

    // ---- calls ---------------------------------------------------------------------------------

    public SimCall<Void> update(String key, @Nullable Object value) {
        return send(Message.of(Verbs.UPDATE, value).key(key), Void.class);
    }

    /** Sets a document that goes by itself after so long. */
    public SimCall<Void> update(String key, @Nullable Object value, Duration expireAfter) {
        Message message = Message.of(Verbs.UPDATE, value).key(key);
        return send(message.expireAfter(expireAfter), Void.class);
    }

    /** Renews a document by what its service says; the reply is whether it was there. */
    public SimCall<Boolean> touch(String key) {
        return send(Message.of(Verbs.TOUCH).key(key), Boolean.class);
    }

    /** Renews a document; the reply is whether it was there. */
    public SimCall<Boolean> touch(String key, Duration expireAfter) {
        Message message = Message.of(Verbs.TOUCH).key(key);
        return send(message.expireAfter(expireAfter), Boolean.class);
    }

    /** When a document of the replica goes; empty where it stays, or is not there. */
    public Optional<Instant> expiresAt(String key) {
        return inside.expiresAt(key);
    }

    public SimCall<Boolean> remove(String key) {
        return send(Message.of(Verbs.REMOVE).key(key), Boolean.class);
    }

    public SimCall<String> add(String key, @Nullable Object value) {
        return send(Message.of(Verbs.ADD, value).key(key), String.class);
    }

    public SimCall<Integer> push(String key, @Nullable Object value) {
        return send(Message.of(Verbs.PUSH, value).key(key), Integer.class);
    }

    /** Adds to the number at a key; the reply is the sum. */
    public SimCall<Long> increment(String key, long by) {
        return send(Message.of(Verbs.INCREMENT, by).key(key), Long.class);
    }

    /** Makes a value an element of the set at a key; the reply is whether it was none. */
    public SimCall<Boolean> include(String key, Object element) {
        return send(Message.of(Verbs.INCLUDE, element).key(key), Boolean.class);
    }

    /** Takes an element out of the set at a key; the reply is whether it was there. */
    public SimCall<Boolean> exclude(String key, Object element) {
        return send(Message.of(Verbs.EXCLUDE, element).key(key), Boolean.class);
    }

    public SimCall<Void> patch(String key, Object fields) {
        return send(Message.of(Verbs.PATCH, fields).key(key), Void.class);
    }

    /** Sends a message; the reply as strings, numbers, booleans, lists and maps. */
    public SimCall<Object> send(Message message) {
        return send(message, Object.class);
    }

    /** Sends a message to the owner of its key; the reply as an {@code R}. */
    public <R> SimCall<R> send(Message message, Class<R> reply) {
        return new SimCall<>(inside.send(message, reply));
    }
}
