package io.tuli.service;

import io.tuli.Change;
import io.tuli.Committed;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Versioned;
import io.tuli.call.CallTerms;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.OwnCodec;
import io.tuli.feed.FeedHub;
import io.tuli.feed.FeedSource;
import io.tuli.feed.Feeds;
import io.tuli.fold.FoldRunner;
import io.tuli.handler.HandlerRunner;
import io.tuli.handler.Merging;
import io.tuli.log.PartitionState;
import io.tuli.log.SourceMark;
import io.tuli.log.Stored;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Servers;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Task;
import io.tuli.reply.PendingCall;
import io.tuli.reply.Permits;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import io.tuli.store.StateMap;
import io.tuli.store.StateRecords;
import io.tuli.store.StateSource;
import io.tuli.store.TypedDocuments;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service as this member serves or uses it: its settings, the documents of its replica, its
 * feeds, its handler. The loops write, each its own partitions; any thread reads.
 */
public final class LocalService {

    private static final Logger LOG = LoggerFactory.getLogger(LocalService.class);

    private final Context context;
    private final ServiceEvents events;
    private final Closing closing;
    private final List<FoldRunner> folds = new CopyOnWriteArrayList<>();
    private final RingNews ringNews = new RingNews();
    private final FollowRight followRight;
    private volatile ServiceConfig<?> config;
    private volatile Held held;
    private volatile @Nullable HandlerRunner<?> handler;
    private volatile Ring ring = Ring.EMPTY;
    private volatile boolean hasBeenServed;
    private volatile @Nullable String refusal;

    /** What all services of a member share. */
    public record Context(
            JsonCodec codec,
            Limits limits,
            Sources sources,
            Listeners listeners,
            Permits permits,
            Function<String, String> nearest) {}

    /** How feeds read the replica of a service. */
    @FunctionalInterface
    public interface Sources {
        FeedSource of(ServiceSpec spec, IntFunction<PartitionState> states, FeedSource.Loss loss);
    }

    private volatile JsonCodec codec;
    private volatile PendingCall.Terms callTerms;

    public LocalService(
            ServiceConfig<?> config,
            ServiceSpec spec,
            @Nullable HandlerRunner<?> handler,
            Context context) {
        this.config = config;
        this.handler = handler;
        this.context = context;
        this.codec = OwnCodec.of(config, context.limits(), context.codec());
        this.callTerms = new PendingCall.Terms(codec, context.permits(), this::explained);
        this.events = new ServiceEvents(spec.name(), context.listeners());
        this.followRight = new FollowRight(spec.name());
        this.closing = new Closing(spec.name());
        this.held = Held.fresh(spec, feedsOf(spec));
    }

    /** What writes and reads its values here. */
    public JsonCodec codec() {
        return codec;
    }

    private void configure(ServiceConfig<?> other) {
        config = other;
        codec = OwnCodec.of(other, context.limits(), context.codec());
        callTerms = new PendingCall.Terms(codec, context.permits(), this::explained);
    }

    private Feeds feedsOf(ServiceSpec spec) {
        return new Feeds(context.sources().of(spec, this::state, events::eventsLost));
    }

    /** From now on this member holds a replica of what it only sent to. While no loop holds it. */
    public void replicate(ServiceConfig<?> used) {
        configure(used);
    }

    /** From now on this member serves what it only used; to be opened anew. */
    public void serve(ServiceConfig<?> served, HandlerRunner<?> by) {
        configure(served);
        handler = by;
        refusal = null;
    }

    /** Keys are placed otherwise than was assumed; nothing else changes. */
    public void place(ServiceSpec as) {
        held = new Held(as, held.states(), held.feeds());
    }

    /**
     * Forgets all documents, to be opened anew. Feeds go on where the number of partitions is the
     * same.
     *
     * @return false if it is another and feeds run: then nothing is done
     */
    public boolean renew(ServiceSpec as) {
        Feeds feeds = held.feeds();
        if (as.partitions() != held.spec().partitions()) {
            if (feeds.running() > 0) {
                return false;
            }
            feeds.close();
            feeds = feedsOf(as);
        }
        held = Held.fresh(as, feeds);
        ringNews.forget();
        return true;
    }

    // ---- settings ------------------------------------------------------------------------------

    public String name() {
        return held.spec().name();
    }

    public int number() {
        return held.spec().number();
    }

    public ServiceSpec spec() {
        return held.spec();
    }

    public ServiceConfig<?> config() {
        return config;
    }

    /** Null where this member only uses it. */
    @Nullable
    public HandlerRunner<?> handler() {
        return handler;
    }

    public boolean hasReplica() {
        return !held.spec().isStateless()
                && (held.spec().isServed() || (config.replica() && followRight.isThere()));
    }

    /** Whether this member may follow it. */
    public FollowRight followRight() {
        return followRight;
    }

    /**
     * This member may not follow it, and holds no replica until it may.
     *
     * @return whether it would hold one
     */
    public boolean deny(String why) {
        boolean isDenied = !held.spec().isServed() && hasReplica() && followRight.deny(why);
        if (isDenied) {
            renew(held.spec());
            events.denied(why);
        }
        return isDenied;
    }

    /** What holds for a call to an owner. */
    public CallTerms terms(Message message) {
        return CallTerms.of(message, config, context.limits().requestDeadline());
    }

    /** What holds for a call to members. */
    public CallTerms surveyTerms(Message message) {
        return CallTerms.ofSurvey(message, context.limits().surveyDeadline());
    }

    /**
     * Where a message goes: by its key, or without one anywhere, but a repeat where it was; -1
     * where there are no partitions.
     */
    public int partitionOf(Key key, RequestId id) {
        ServiceSpec spec = held.spec();
        if (spec.isStateless()) {
            return -1;
        }
        if (key.isNone()) {
            long spread = (id.origin() ^ id.sequence()) * 0x9e3779b97f4a7c15L;
            return (int) Long.remainderUnsigned(spread ^ (spread >>> 32), spec.partitions());
        }
        return spec.partitionOf(key.top());
    }

    // ---- documents -----------------------------------------------------------------------------

    /** As they are now, which may be renewed later with another number of partitions. */
    public StateSource states() {
        return held;
    }

    public PartitionState state(int partition) {
        return held.states()[partition];
    }

    /** A document as it is shown; null where there is none, or it has outlived its time. */
    public @Nullable Stored stored(String topLevelKey) {
        return open().stored(topLevelKey);
    }

    /** The same with its version. */
    public <T> Versioned<T> versioned(String topLevelKey, TypedDocuments<T> documents) {
        followRight.require(hasReplica());
        return open().versioned(topLevelKey, documents);
    }

    private Held open() {
        closing.requireOpen();
        return held;
    }

    /** All documents, also when they are held anew. */
    public <T> StateMap<T> state(TypedDocuments<T> documents) {
        return new StateMap<>(this::open, documents);
    }

    /** All documents as records, also when they are held anew. */
    public StateRecords records() {
        return new StateRecords(context.codec(), this::open);
    }

    public long digest() {
        long digest = 0;
        for (SharedState state : held.states()) {
            digest += state.digest();
        }
        return digest;
    }

    public long keys() {
        long keys = 0;
        for (SharedState state : held.states()) {
            keys += state.size();
        }
        return keys;
    }

    // ---- feeds ---------------------------------------------------------------------------------

    public Feed<Change> changes() {
        return replicated().changes(codec, context.limits().feedUnconsumed());
    }

    public Feed<Committed> commits() {
        return replicated().commits(codec, context.limits().feedUnconsumed());
    }

    private Feeds replicated() {
        closing.requireOpen();
        followRight.require();
        if (!hasReplica()) {
            if (held.spec().isStateless()) {
                throw new IllegalStateException("a stateless service has no changes: " + name());
            }
            throw new IllegalStateException(
                    "a feed reads the local replica, and this member has none of "
                            + name()
                            + ": use it without withoutReplica()");
        }
        return held.feeds();
    }

    public FeedHub hub() {
        return held.hub();
    }

    /** Begins to fold another service into this one. */
    public void begin(FoldRunner fold) {
        folds.add(fold);
        fold.start();
    }

    // ---- what the core asks and tells, on the partition's loop ---------------------------------

    @Nullable
    public Decision decide(Task task) {
        HandlerRunner<?> runner = handler;
        return runner == null ? Decision.Pass.PASS : runner.decide(task);
    }

    /** Inline handlers, the last of this verb, held up their loop for so long. */
    public void heldUp(String verb, long nanos) {
        HandlerRunner<?> runner = handler;
        if (runner != null) {
            runner.heldUp(verb, nanos);
        }
    }

    public void applied(int partition, long from, LogPosition end) {
        held.hub().applied(partition, from, end);
    }

    public void marked(int partition, List<SourceMark> marks) {
        held.hub().marked(partition, marks);
    }

    public void reset(int partition, LogPosition at) {
        held.hub().reset(partition, at);
        events.reset(partition, at);
    }

    /** Why a document cannot be read as the service's type; null if it can. */
    public @Nullable String unreadable(Payload document) {
        return codec.unreadable(document, config.documentType().type());
    }

    @Nullable
    public Payload merge(Key key, Payload base, Payload winner, Payload loser) {
        return merging(config).merge(key, base, winner, loser);
    }

    private <T> Merging<T> merging(ServiceConfig<T> of) {
        return new Merging<>(of, codec, events::handlerFailed);
    }

    /** What happened to its partitions, to be told. */
    public ServiceEvents events() {
        return events;
    }

    public long neededFrom(int partition) {
        Held now = held; // which may have fewer partitions than the loops, for a moment
        return partition < now.states().length ? now.hub().neededFrom(partition) : Long.MAX_VALUE;
    }

    public boolean mayOwn(int partition) {
        for (FoldRunner fold : folds) {
            if (!fold.mayOwn(partition)) {
                return false;
            }
        }
        return true;
    }

    public void roleChanged(int partition, String role, Epoch epoch) {
        for (FoldRunner fold : folds) {
            fold.roleChanged(partition);
        }
        ringNews.roleChanged(partition, role, epoch, System.nanoTime());
    }

    /** Feeds look whether partitions of this loop came into sync. */
    public void noteSync(int loop) {
        if (hasReplica()) {
            held.hub().look(loop);
        }
    }

    /** Feeds look whether partitions came into sync; one loop watches handlers and the ring. */
    public void tick(int loop, long nowNanos) {
        if (hasReplica()) {
            held.hub().tick(loop, nowNanos);
        }
        if (loop == 0) {
            watch(nowNanos);
        }
    }

    private void watch(long nowNanos) {
        HandlerRunner<?> runner = handler;
        if (runner != null) {
            runner.watch(nowNanos);
        }
        MeshEvent news = ringNews.take(name(), ring, nowNanos);
        if (news != null) {
            context.listeners().tell(news);
        }
    }

    // ---- what the directory tells --------------------------------------------------------------

    public void ringChanged(Ring changed) {
        ring = changed;
        ringNews.ringChanged(System.nanoTime());
        hasBeenServed |= !changed.servers().isEmpty();
    }

    /** Others serve it now. */
    public void serversChanged(Servers changed) {
        hasBeenServed |= !changed.servers().isEmpty();
    }

    Ring ring() {
        return ring;
    }

    /** This member may not serve it, nor use it as it does; its calls fail with this. */
    public void refuse(String why) {
        refusal = why;
        folds.forEach(FoldRunner::close);
        folds.clear();
    }

    public boolean isRefused() {
        return refusal != null;
    }

    /**
     * Nothing happens while members agree on the service.
     *
     * @throws TuliException CONFLICT if not; CLOSED where this member has closed it
     */
    public void requireAgreement() {
        closing.requireOpen();
        String why = refusal;
        if (why != null) {
            throw new TuliException(Failure.CONFLICT, "refused here: " + name() + ", " + why);
        }
    }

    /** What all calls of this service have in common. */
    public PendingCall.Terms callTerms() {
        return callTerms;
    }

    private TuliException explained(Outcome outcome, Failure failure, String detail) {
        if (outcome == Outcome.FAILED && failure == Failure.UNAVAILABLE && !hasBeenServed) {
            String why = "nobody serves \"" + name() + "\"" + context.nearest().apply(name());
            return new TuliException(Outcome.FAILED, Failure.NOT_FOUND, why);
        }
        return new TuliException(outcome, failure, detail + " service=" + name());
    }

    /** How far its end is. */
    public Closing closing() {
        return closing;
    }

    /** Whether it folds that one. */
    public boolean folds(String source) {
        return config.folds().containsKey(source);
    }

    /** Ends folds, feeds and handlers; waits for nothing. */
    public void end() {
        folds.forEach(FoldRunner::close);
        held.feeds().close();
        HandlerRunner<?> runner = handler;
        if (runner != null) {
            runner.end();
        }
    }

    /** Waits for handlers that were ended, until a moment of {@link System#nanoTime}. */
    public void awaitEnd(long deadlineNanos) {
        HandlerRunner<?> runner = handler;
        if (runner != null && !runner.hasEnded(deadlineNanos)) {
            LOG.warn("closing goes on without handlers that do not end: service={}", name());
        }
    }
}
