package io.tuli.cluster;

import io.tuli.Change;
import io.tuli.Codec;
import io.tuli.Feed;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Position;
import io.tuli.RequestId;
import io.tuli.Versioned;
import io.tuli.call.CallSpec;
import io.tuli.call.CallTerms;
import io.tuli.call.Choice;
import io.tuli.call.Outgoing;
import io.tuli.feed.Feeds;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.Stored;
import io.tuli.passage.OpenedTunnel;
import io.tuli.passage.SimTunnel;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.MessageRules;
import io.tuli.replica.Replica;
import io.tuli.store.Overdue;
import io.tuli.store.SharedState;
import io.tuli.store.TypedDocuments;
import io.tuli.store.Versions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A service as one simulated member serves or uses it. Reads are of the local replica and take no
 * time; everything else is a {@link ClusterCall}, which goes on as virtual time passes. One thread.
 */
public final class ClusterService<T> {

    private static final long DOUBTED_NANOS = 100 * Timeline.MILLI;

    private static final int EVENTS_UNCONSUMED = 1_000;

    private final World world;
    private final Peer member;
    private final Hosted hosted;
    private final Class<T> type;
    private final Overdue overdue;

    ClusterService(World world, Peer member, Hosted hosted, Class<T> type) {
        this.world = world;
        this.member = member;
        this.hosted = hosted;
        this.type = type;
        this.overdue = new Overdue(() -> world.wallMillis(member));
    }

    public String name() {
        return hosted.spec.name();
    }

    // ---- the replica ---------------------------------------------------------------------------

    /** The document at a top-level key, or the value at a deep one; null if there is none. */
    public @Nullable T get(String key) {
        return get(key, type);
    }

    /** The value at a deep key as a {@code V}; null if there is none. */
    public <V> @Nullable V get(String key, Class<V> as) {
        Key parsed = Key.parse(key);
        Stored stored = stored(parsed.top());
        return stored == null
                ? null
                : world.codec().decode(world.documents().read(stored.document(), parsed), as);
    }

    /** The document at a top-level key of the replica, and which of its versions that is. */
    public Versioned<T> versioned(String key) {
        String topLevel = Key.parse(key).top();
        TypedDocuments<T> documents =
                new TypedDocuments<>(name(), type, world.codec(), world.documents());
        return Versions.of(hosted.states.get(partitionOf(topLevel)), topLevel, documents, overdue);
    }

    /** When a document of the replica goes; empty where it stays, or is not there. */
    public Optional<Instant> expiresAt(String key) {
        Stored stored = stored(Key.parse(key).top());
        return stored == null || !stored.mayExpire()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(stored.until()));
    }

    /** As it is shown. */
    private @Nullable Stored stored(String topLevelKey) {
        return overdue.shown(hosted.states.get(partitionOf(topLevelKey)).get(topLevelKey));
    }

    /** All documents of the replica as of now, by top-level key. */
    public SortedMap<String, T> state() {
        SortedMap<String, T> all = new TreeMap<>();
        for (SharedState state : hosted.states) {
            state.forEach(
                    (key, stored) -> {
                        T value = world.codec().decode(stored.document(), type);
                        if (value != null && !overdue.isHidden(stored)) {
                            all.put(key, value);
                        }
                    });
        }
        return all;
    }

    /** The living member that owns the key; null while there is none. */
    public @Nullable MemberId ownerOf(String key) {
        int partition = hosted.spec.partitionOf(Key.parse(key).top());
        MemberId owner = null;
        Replica latest = null;
        for (Peer each : world.living()) {
            Hosted there = each.hosted(hosted.number());
            Replica replica = there == null ? null : there.replicas.get(partition);
            if (replica != null
                    && replica.isOwner()
                    && (latest == null || replica.epoch().isAfter(latest.epoch()))) {
                owner = each.id();
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
        hosted.watches.add(new Changes(world.codec(), listener));
    }

    /**
     * The real feed of events, from a place in each partition on; whoever has it asks for what
     * there is.
     *
     * @param isOfChanges whether it tells changes, too
     */
    public Feeds.Polled<Change> events(Position from, boolean isOfChanges) {
        Feeds feeds = ((HostedService) hosted).asked;
        Feed<Change> feed = feeds.changes(world.codec(), EVENTS_UNCONSUMED).events().from(from);
        return feeds.polled(isOfChanges ? feed.verbs("update", "push", "increment") : feed);
    }

    /** A real reader of a group; whoever has it asks for what there is. */
    public Feeds.Polled<Change> group(String name, Position from) {
        Feeds feeds = ((HostedService) hosted).asked;
        Feed<Change> feed = feeds.changes(world.codec(), EVENTS_UNCONSUMED).from(from);
        return feeds.polled(feed.group(name));
    }

    /** A real consumer; whoever has it asks for what there is. */
    public Feeds.PolledDeliveries consumer(
            String name, Position from, UnaryOperator<Feed.Deliveries> how) {
        Feeds feeds = ((HostedService) hosted).asked;
        Feed<Change> feed = feeds.changes(world.codec(), EVENTS_UNCONSUMED).from(from);
        return feeds.polled(how.apply(feed.consumer(name)));
    }

    /** What a group keeps as rejected of a partition, as the replica here has it. */
    public List<Extras.Rejected> rejected(String name, int partition) {
        GroupPlace place = hosted.replicas.get(partition).groups().find(name);
        return place == null ? List.of() : place.acks().rejected();
    }

    // ---- calls ---------------------------------------------------------------------------------

    /** Sends a message; the reply as strings, numbers, booleans, lists and maps. */
    public ClusterCall<Object> send(Message message) {
        return send(message, Object.class);
    }

    /** Sends a message to the owner of its key; the reply as an {@code R}. */
    public <R> ClusterCall<R> send(Message message, Class<R> reply) {
        return send(message, Choice.ANY, reply);
    }

    /** Sends a message to whichever server of those. */
    public <R> ClusterCall<R> send(Message message, Choice choice, Class<R> reply) {
        Codec codec = world.codec();
        Payload body = message.body() == null ? Payload.NONE : codec.encode(message.body());
        MessageRules.require(
                message.verb(), message.key(), body, message.headers(), member.limits());
        RequestId id =
                message.id().isNone()
                        ? new RequestId(member.id().incarnation(), member.nextRequest())
                        : message.id();
        message.version()
                .ifPresent(version -> world.invariants().demanded(id, message.key(), version));
        CallTerms terms = CallTerms.of(message, hosted.config, member.limits().requestDeadline());
        CallSpec wish =
                new CallSpec(
                        hosted.number(),
                        null,
                        id,
                        !message.id().isNone(),
                        message.isRepeatable(),
                        message.failsFast(),
                        world.nowNanos() + Durations.nanos(terms.within()),
                        terms.commit(),
                        message.verb(),
                        message.key(),
                        body,
                        message.headers(),
                        Extensions.of(message));
        return start(wish.to(choice), reply);
    }

    /**
     * Opens a tunnel to whichever server of those.
     *
     * @param onOpen told once, when it is open
     */
    public OpenedTunnel open(
            Message message,
            Choice choice,
            Extensions.Opening opening,
            Consumer<SimTunnel> onOpen) {
        CallTerms terms = CallTerms.of(message, hosted.config, member.limits().requestDeadline());
        CallSpec wish =
                new CallSpec(
                        hosted.number(),
                        null,
                        new RequestId(member.id().incarnation(), member.nextRequest()),
                        false,
                        message.isRepeatable(),
                        message.failsFast(),
                        world.nowNanos() + Durations.nanos(terms.within()),
                        terms.commit(),
                        message.verb(),
                        message.key(),
                        world.codec().encode(message.body()),
                        message.headers(),
                        Extensions.of(message).opening(opening));
        OpenedTunnel opened = new OpenedTunnel(wish.to(choice), new TunnelPort(member), onOpen);
        if (member.isAlive()) {
            member.start(opened);
        }
        return opened;
    }

    private record TunnelPort(Peer member) implements OpenedTunnel.Port {

        @Override
        public void say(long call, MemberId to, Frame frame) {
            member.say(call, to, frame);
        }

        @Override
        public void cancel(Outgoing call) {
            member.cancel(call);
        }
    }

    /** Sends what is wished, whatever it is. */
    public <R> ClusterCall<R> start(CallSpec wish, Class<R> reply) {
        int partition = hosted.spec.isStateless() ? -1 : partitionOf(wish.key(), wish.id());
        ClusterCall<R> call = new ClusterCall<>(world, member, reply, wish);
        call.start(partition);
        if (world.isDoubted()) {
            ClusterCall<R> again = new ClusterCall<>(world, member, reply, wish);
            long soon = world.timeline().between(0, DOUBTED_NANOS);
            world.timeline().after(soon, () -> again.start(partition));
        }
        return call;
    }

    /** Without a key anywhere, but a repeat where it was. */
    private int partitionOf(Key key, RequestId id) {
        return key.isNone()
                ? Math.floorMod(id.hashCode(), hosted.spec.partitions())
                : hosted.spec.partitionOf(key.top());
    }

    public int partitionOf(String topLevelKey) {
        return hosted.spec.partitionOf(topLevelKey);
    }

    public Hosted hosted() {
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
                                                    codec,
                                                    "",
                                                    false,
                                                    Payload.NONE,
                                                    List.of(),
                                                    Change.Reason.of(edit.kind()))));
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
