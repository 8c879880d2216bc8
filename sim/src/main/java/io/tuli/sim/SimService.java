package io.tuli.sim;

import io.tuli.Change;
import io.tuli.Codec;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Verbs;
import io.tuli.call.CallSpec;
import io.tuli.call.CallTerms;
import io.tuli.log.Entry;
import io.tuli.log.Stored;
import io.tuli.protocol.Durations;
import io.tuli.protocol.MessageRules;
import io.tuli.replica.Replica;
import io.tuli.store.SharedState;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A service as one simulated member serves or uses it. Reads are of the local replica and take no
 * time; everything else is a {@link SimCall}, which goes on as virtual time passes. One thread.
 */
public final class SimService<T> {

    private static final long DOUBTED_NANOS = 100 * SimCluster.MILLI;

    private final SimCluster cluster;
    private final SimMember member;
    private final Hosted hosted;
    private final Class<T> type;

    SimService(SimCluster cluster, SimMember member, Hosted hosted, Class<T> type) {
        this.cluster = cluster;
        this.member = member;
        this.hosted = hosted;
        this.type = type;
    }

    public String name() {
        return hosted.spec.name();
    }

    public SimMember member() {
        return member;
    }

    // ---- the replica ---------------------------------------------------------------------------

    /** The document at a top-level key, or the value at a deep one; null if there is none. */
    public @Nullable T get(String key) {
        return get(key, type);
    }

    /** The value at a deep key as a {@code V}; null if there is none. */
    public <V> @Nullable V get(String key, Class<V> as) {
        Key parsed = Key.parse(key);
        Stored stored = hosted.states.get(hosted.spec.partitionOf(parsed.top())).get(parsed.top());
        return stored == null
                ? null
                : cluster.codec().decode(cluster.documents().read(stored.document(), parsed), as);
    }

    /** All documents of the replica as of now, by top-level key. */
    public SortedMap<String, T> state() {
        SortedMap<String, T> all = new TreeMap<>();
        for (SharedState state : hosted.states) {
            state.forEach(
                    (key, stored) -> {
                        T value = cluster.codec().decode(stored.document(), type);
                        if (value != null) {
                            all.put(key, value);
                        }
                    });
        }
        return all;
    }

    /** The living member that owns the key; null while there is none. */
    public @Nullable SimMember ownerOf(String key) {
        int partition = hosted.spec.partitionOf(Key.parse(key).top());
        SimMember owner = null;
        Replica latest = null;
        for (SimMember each : cluster.members()) {
            Hosted there = each.hosted(hosted.number());
            Replica replica = there == null ? null : there.replicas.get(partition);
            if (replica != null
                    && replica.isOwner()
                    && (latest == null || replica.epoch().isAfter(latest.epoch()))) {
                owner = each;
                latest = replica;
            }
        }
        return owner;
    }

    /**
     * Tells of every change committed from now on, as a feed would; after a {@link
     * Change.Kind#RESET} come the documents there are then.
     */
    public void onChange(Consumer<Change> listener) {
        hosted.watches.add(new Changes(cluster.codec(), listener));
    }

    // ---- calls ---------------------------------------------------------------------------------

    public SimCall<Void> update(String key, @Nullable Object value) {
        return send(Message.of(Verbs.UPDATE, value).key(key), Void.class);
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
        Codec codec = cluster.codec();
        Payload body = message.body() == null ? Payload.NONE : codec.encode(message.body());
        MessageRules.require(
                message.verb(), message.key(), body, message.headers(), cluster.limits());
        RequestId id =
                message.id().isNone()
                        ? new RequestId(member.id().incarnation(), member.nextRequest())
                        : message.id();
        CallTerms terms = CallTerms.of(message, hosted.config, cluster.limits().requestDeadline());
        CallSpec wish =
                new CallSpec(
                        hosted.number(),
                        null,
                        id,
                        !message.id().isNone(),
                        message.isRepeatable(),
                        cluster.nowNanos() + Durations.nanos(terms.within()),
                        terms.commit(),
                        message.verb(),
                        message.key(),
                        body,
                        message.headers());
        return start(wish, reply);
    }

    /** Sends what is wished, whatever it is. */
    <R> SimCall<R> start(CallSpec wish, Class<R> reply) {
        int partition = partitionOf(wish.key(), wish.id());
        SimCall<R> call = new SimCall<>(cluster, member, reply, wish);
        call.start(partition);
        if (cluster.isDoubted()) {
            SimCall<R> again = new SimCall<>(cluster, member, reply, wish);
            long soon = cluster.timeline().between(0, DOUBTED_NANOS);
            cluster.timeline().after(soon, () -> again.start(partition));
        }
        return call;
    }

    /** Without a key anywhere, but a repeat where it was. */
    private int partitionOf(Key key, RequestId id) {
        return key.isNone()
                ? Math.floorMod(id.hashCode(), hosted.spec.partitions())
                : hosted.spec.partitionOf(key.top());
    }

    int partitionOf(String topLevelKey) {
        return hosted.spec.partitionOf(topLevelKey);
    }

    Hosted hosted() {
        return hosted;
    }

    /** Entries as the changes in them. */
    private record Changes(Codec codec, Consumer<Change> listener) implements Hosted.Watch {

        @Override
        public void applied(int partition, Entry entry) {
            Instant time = Instant.ofEpochMilli(entry.wallMillis());
            entry.edits()
                    .forEach(
                            edit ->
                                    listener.accept(
                                            new Change(
                                                    partition,
                                                    entry.position(),
                                                    time,
                                                    entry.id(),
                                                    Change.Kind.of(edit.kind()),
                                                    edit.key(),
                                                    edit.value(),
                                                    codec)));
        }

        @Override
        public void reset(int partition, LogPosition at, SharedState state) {
            tell(partition, at, Change.Kind.RESET, Key.NONE, Payload.NONE);
            state.forEach(
                    (key, stored) ->
                            tell(
                                    partition,
                                    at,
                                    Change.Kind.UPDATE,
                                    Key.of(key),
                                    stored.document()));
        }

        private void tell(
                int partition, LogPosition at, Change.Kind kind, Key key, Payload document) {
            listener.accept(
                    new Change(
                            partition,
                            at,
                            Instant.EPOCH,
                            RequestId.NONE,
                            kind,
                            key,
                            document,
                            codec));
        }
    }
}
