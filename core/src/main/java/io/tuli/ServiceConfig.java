package io.tuli;

import io.tuli.error.Require;
import io.tuli.type.TypeOf;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a service is served or used. Immutable; each method that takes something answers a changed
 * copy, and their order does not matter.
 *
 * <p>What is not said is known as such: a commit or a deadline that happens to equal the default
 * still wins over the member's setting, because it was said.
 */
public final class ServiceConfig<T> {

    /** Stands for every verb in {@link #inline}. */
    public static final String ALL_VERBS = "*";

    static final int PARTITIONS_STANDARD = 256;
    static final int CAPACITY_STANDARD = 1_024;
    private static final int QUEUE_STANDARD = 16;

    /** Not changed any more. */
    private final ServiceDraft<T> said;

    private final boolean isAllInline;

    ServiceConfig(ServiceDraft<T> draft) {
        said = draft;
        isAllInline = draft.inlineVerbs.contains(ALL_VERBS);
    }

    /**
     * The defaults: built-in verbs, 256 partitions, each top-level key by itself.
     *
     * @param name its address; letters, digits, {@code - _ .}, at most 100
     * @param type what its documents are read as; {@code Object} for JSON-like values, {@code
     *     byte[]} for opaque bytes
     */
    public static <T> ServiceConfig<T> of(String name, Class<T> type) {
        return of(name, TypeOf.of(type));
    }

    /** The same of documents that are a type with parameters, such as a {@code List<Cart>}. */
    public static <T> ServiceConfig<T> of(String name, TypeOf<T> type) {
        Require.argument(isName(name), "a service name is [A-Za-z0-9_.-]{1,100}", name);
        return new ServiceConfig<>(new ServiceDraft<>(name, Objects.requireNonNull(type)));
    }

    /**
     * A service without state: no documents, partitions, replicas or feeds. Every member that
     * serves it answers alike, and a message goes to whichever is ready ({@link Service#any}); a
     * key is only a part of the message. The handler's turn cannot edit (METHOD_NOT_ALLOWED).
     *
     * @param name as for {@link #of}
     */
    public static ServiceConfig<Void> stateless(String name, Handler<Void> handler) {
        return stateless(name).handler(handler);
    }

    /** The same for those who use it only. */
    public static ServiceConfig<Void> stateless(String name) {
        return stateless(name, Void.class);
    }

    static <T> ServiceConfig<T> stateless(String name, Class<T> type) {
        return of(name, type).with(ServiceDraft::beStateless);
    }

    /** Whether a service can have this name: letters, digits, {@code - _ .}, 1 to 100 of them. */
    public static boolean isName(String text) {
        return ServiceDraft.isName(text);
    }

    // ---- what can be said ----------------------------------------------------------------------

    private ServiceConfig<T> with(Consumer<ServiceDraft<T>> change) {
        ServiceDraft<T> draft = new ServiceDraft<>(said);
        change.accept(draft);
        return draft.done();
    }

    /**
     * With a handler, which runs for each message at the owner. It may block: unless its verb is
     * {@link #inline}, it runs on a virtual thread, one message at a time per key.
     */
    public ServiceConfig<T> handler(Handler<T> other) {
        return with(draft -> draft.handler = Objects.requireNonNull(other));
    }

    /**
     * Runs the handler of these verbs too - of all, where none are named - on the event loop: it
     * must be short and never block.
     */
    public ServiceConfig<T> inline(String... verbs) {
        return with(draft -> draft.inline(verbs.length == 0 ? List.of(ALL_VERBS) : List.of(verbs)));
    }

    /**
     * At a server: takes tunnels, see {@link Tunnel}. Each takes one of the {@link #capacity} until
     * its handler has returned.
     */
    public ServiceConfig<T> tunnel(Tunnel.Handler other) {
        return with(draft -> draft.tunnel = Objects.requireNonNull(other));
    }

    /**
     * Declares verbs of the handler's own that change nothing: who may only read the service may
     * send them, too. A turn of theirs that edits or emits all the same fails.
     */
    public ServiceConfig<T> reads(String... verbs) {
        return with(draft -> draft.reads(verbs));
    }

    /**
     * Says who may do what with this service, as in {@code allow("client:web-*", "rw")}: from then
     * on it is for those alone whom some rule lets in. The rules of {@code access.rules} come
     * first, then these, in their order; the first that fits a member decides. They are read when
     * the service is served: what is none fails there with BAD_REQUEST.
     *
     * @param who a role - {@code client}, {@code operator} or {@code read-only} - and perhaps a
     *     name, or its beginning and {@code *}
     * @param rights letters: r to read, w to write, a to ask members, f to follow; {@code -} for
     *     none
     */
    public ServiceConfig<T> allow(String who, String rights) {
        Objects.requireNonNull(rights, "rights are not null");
        return with(draft -> draft.allow(Objects.requireNonNull(who), rights));
    }

    /**
     * How many partitions, at least 1; fixed for the life of the service, and all members must
     * agree.
     */
    public ServiceConfig<T> partitions(int count) {
        said.requireState("partitions");
        return with(draft -> draft.partitions(count));
    }

    /** What keys are placed by; all members must agree. */
    public ServiceConfig<T> partitioner(Partitioner other) {
        said.requireState("a partitioner");
        return with(draft -> draft.partitioner = Objects.requireNonNull(other));
    }

    /**
     * Consumes the changes of another service, each exactly once. A message whose handler fails is
     * left out; one that fails with what may pass (category RETRY) is handled again until it does
     * not, and those behind it wait.
     */
    public ServiceConfig<T> fold(String sourceService, Fold fold) {
        said.requireState("folds");
        return with(draft -> draft.fold(sourceService, Objects.requireNonNull(fold)));
    }

    /** A client without a live replica: it only sends. Servers always hold one. */
    public ServiceConfig<T> withoutReplica() {
        return with(draft -> draft.replica = false);
    }

    /** What a call's OK stands for unless its message says. */
    public ServiceConfig<T> commit(Commit other) {
        return with(draft -> draft.commit = Objects.requireNonNull(other));
    }

    /**
     * Documents go by themselves when nobody has changed them for so long: each change of one, at
     * or below its key, or a touch, renews it; reading does not. The owner decides by its clock, to
     * about a second, and every replica, feed and snapshot has it from the changelog: as a removal
     * with {@link Change.Reason#EXPIRED}. After that time no handler, verb or read at the owner
     * sees the document, and two seconds later no replica shows it, though {@code size()} counts
     * it.
     *
     * <p>A write with a duration of its own ({@link Message#expireAfter}) means that one, from then
     * on; a document that stays for ever goes on to. After a split a document that one side renewed
     * is there, with the longer life.
     *
     * <p>It holds for what this member decides as an owner: all servers should say the same.
     */
    public ServiceConfig<T> expireAfter(Duration duration) {
        Require.argument(duration.isPositive(), "what expires does so after a while", duration);
        return with(draft -> draft.expiry = duration);
    }

    /** As {@link #durable(Durable)} with {@link Durable#batch}. */
    public ServiceConfig<T> durable() {
        return durable(Durable.batch());
    }

    /**
     * At a server: what is written is kept in its data directory, and is there again when it is
     * started anew, or when all are. A copy counts for a {@link Commit} when it is kept. All
     * servers must agree. A member without {@code data.dir} refuses to serve it.
     */
    public ServiceConfig<T> durable(Durable how) {
        said.requireState("a journal");
        return with(draft -> draft.durability = Objects.requireNonNull(how));
    }

    /** When calls end whose message does not say; never infinite. */
    public ServiceConfig<T> deadline(Duration other) {
        Require.argument(other.isPositive(), "a deadline is positive", other);
        return with(draft -> draft.deadline = other);
    }

    /** What becomes of a value that both sides of a split have written; all members must agree. */
    public ServiceConfig<T> merge(MergePolicy other) {
        said.requireState("a merge policy");
        return with(draft -> draft.merge(Objects.requireNonNull(other), null));
    }

    /**
     * Lets a function of yours merge documents that both sides of a split have changed. Who only
     * uses the service says {@link MergePolicy#FUNCTION} and needs no function.
     */
    public ServiceConfig<T> merge(Merge<T> function) {
        said.requireState("a merge function");
        Objects.requireNonNull(function, "a merge function is not null");
        return with(draft -> draft.merge(MergePolicy.FUNCTION, function));
    }

    /**
     * The owner takes documents that cannot be read as the service's {@link #type}, too; whoever
     * reads one then gets a failure. For services whose type is about to change, or whose writers
     * are all trusted: it spares the owner to read each document before its commit.
     */
    public ServiceConfig<T> unchecked() {
        return with(draft -> draft.checked = false);
    }

    /**
     * Values of the service's {@link #type} - documents, bodies, replies, what is published - are
     * written and read by a codec of your own, as opaque bytes; all else is JSON as ever. Members
     * without the codec hold, replicate and show bytes. Nothing lies inside of bytes: deep keys,
     * and verbs that look into a document, are refused, and queries find nothing. Tunnels carry
     * JSON.
     *
     * @param name all servers must agree on; as a service's name
     * @param own what it throws refuses the value, with BAD_REQUEST
     */
    public ServiceConfig<T> codec(String name, Codec own) {
        return with(draft -> draft.codec(name, Objects.requireNonNull(own)));
    }

    /**
     * Each entry keeps the value there was at each edit's key, for {@link Change#before()} in feeds
     * and folds, wherever and whenever they are read. Costs that value in every entry, on all links
     * and in the changelog: of a push to a list that is the list.
     */
    public ServiceConfig<T> keepBefore() {
        return with(draft -> draft.keepsBefore = true);
    }

    /**
     * At a server: so many messages to members - by {@link Service#any}, {@link Service#member} and
     * {@link Service#all} - are handled at once. Who comes while as many run waits, see {@link
     * #queue}. 1,024 unless said.
     */
    public ServiceConfig<T> capacity(int count) {
        return with(draft -> draft.capacity(count));
    }

    /**
     * At a server: so many messages wait for one of the {@link #capacity} to end. One more is
     * refused before it was looked at: to {@code any()} another server is asked, and while all are
     * full the call waits. As many as the capacity, at most 16, unless said.
     */
    public ServiceConfig<T> queue(int count) {
        return with(draft -> draft.queue(count));
    }

    /**
     * What it says of itself to who asks {@link Mesh#services}, in place of what was said before:
     * {@code config.describe(config.description().version("2.1").option("group", "eu"))}.
     */
    public ServiceConfig<T> describe(ServiceDescription other) {
        ServiceDescription of = other.of(said.name, isStateless());
        return with(draft -> draft.description = of);
    }

    /**
     * Keeps it in this process: it is not announced, no other member is told of it or let in, and
     * this member alone owns all of it. Others may serve another service of the same name.
     */
    public ServiceConfig<T> internal() {
        return with(draft -> draft.isInternal = true);
    }

    // ---- what was said -------------------------------------------------------------------------

    /** Whether it was made by {@link #stateless}. */
    public boolean isStateless() {
        return said.partitions == 0;
    }

    /** What it says of itself. */
    public ServiceDescription description() {
        return said.description;
    }

    /** Whether it is kept in its process. */
    public boolean isInternal() {
        return said.isInternal;
    }

    /** How many messages to members a server handles at once. */
    public int capacity() {
        return said.capacity;
    }

    /** How many wait there besides. */
    public int queue() {
        return said.queue < 0 ? Math.min(said.capacity, QUEUE_STANDARD) : said.queue;
    }

    public String name() {
        return said.name;
    }

    /**
     * What its documents are read as; without parameters, of which {@link #documentType} has all.
     */
    public Class<T> type() {
        return said.type.raw();
    }

    /** What its documents are read as. */
    public TypeOf<T> documentType() {
        return said.type;
    }

    /** Whether there is a handler of the service's own, besides the built-in verbs. */
    public boolean hasHandler() {
        return said.handler != null;
    }

    /** The handler; where none was said, one that passes everything to the built-in verbs. */
    public Handler<T> handler() {
        return said.handlerOrPassing();
    }

    /** What has the other end of tunnels to it; empty where it takes none. */
    public Optional<Tunnel.Handler> tunnelHandler() {
        return Optional.ofNullable(said.tunnel);
    }

    /** Whether the handler of this verb runs on the event loop. */
    public boolean isInline(String verb) {
        return isAllInline || said.inlineVerbs.contains(verb);
    }

    /** Whether it was declared to change nothing. */
    public boolean isRead(String verb) {
        return said.reads.contains(verb);
    }

    /** The verbs that were declared to change nothing. */
    public Set<String> reads() {
        return said.reads;
    }

    /** Who may do what: rights by who has them, in the order in which they count. */
    public Map<String, String> allowed() {
        return said.allowed;
    }

    public int partitions() {
        return said.partitions;
    }

    public Partitioner partitioner() {
        return said.partitioner;
    }

    /** The folds by their source services. */
    public Map<String, Fold> folds() {
        return said.folds;
    }

    /** Whether a client holds a live replica. */
    public boolean replica() {
        return said.replica;
    }

    /** Empty where it was not said. */
    public Optional<Commit> commit() {
        return Optional.ofNullable(said.commit);
    }

    /** Empty where documents stay until they are removed, unless a write says otherwise. */
    public Optional<Duration> expiry() {
        return Optional.ofNullable(said.expiry);
    }

    /** Empty where nothing is kept on disk. */
    public Optional<Durable> durability() {
        return Optional.ofNullable(said.durability);
    }

    /** Empty where it was not said: then {@code request.deadline} holds. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(said.deadline);
    }

    public MergePolicy merge() {
        return said.merge;
    }

    /** Decides where {@link #merge()} is {@link MergePolicy#FUNCTION}. */
    public Optional<Merge<T>> mergeFunction() {
        return Optional.ofNullable(said.mergeFunction);
    }

    /**
     * Whether the owner refuses, with BAD_REQUEST, what would leave a document that cannot be read
     * as the {@link #type}. So it is unless {@link #unchecked} was said, or the type is {@code
     * Object} or {@code Payload}, as which everything can be read.
     */
    public boolean isChecked() {
        return said.checked;
    }

    /** Of its own; empty where all is JSON. */
    public Optional<Codec> codec() {
        return Optional.ofNullable(said.codec);
    }

    /** The name of its codec; empty where all is JSON. */
    public String codecName() {
        return said.codecName;
    }

    /** Whether its entries have what there was before, see {@link #keepBefore}. */
    public boolean keepsBefore() {
        return said.keepsBefore;
    }

    @Override
    public String toString() {
        return "service " + said.name + " of " + said.type;
    }

    /**
     * What becomes of writes that two sides of a split made to the same value. Writes only one side
     * made, and increments, are kept whatever the policy is.
     *
     * <p>The ordinal is part of what members agree on when they serve a service.
     */
    public enum MergePolicy {
        /**
         * The later write stays, by the owners' hybrid logical clocks. The other one is given up,
         * and reported.
         */
        LAST_WRITE_WINS,
        /**
         * What the side wrote whose changelog is adopted - the one with the highest epoch - stays.
         * The other side's is given up, and reported.
         */
        KEEP_WINNER,
        /**
         * A {@link Merge} of the service's own decides, document by document; for {@link
         * ServiceConfig#merge(Merge)}.
         */
        FUNCTION
    }

    /**
     * What becomes of a document that both sides of a split have changed. Documents that one side
     * alone has changed are taken as they are, and are not asked for.
     *
     * <p>It runs on the event loop of the member that merges: it must be short, must not block, and
     * depend on nothing but its arguments. Sides may come together one by one, so it should be
     * commutative, associative and idempotent, such as a union or a maximum; then it does not
     * matter in which order they do. Counters and sets inside of a document are merged by it, too.
     * Where it throws, or its result is too large, the later write stays and the other is reported
     * as {@code WRITES_DISCARDED}.
     *
     * @param <T> what the service's documents are read as
     */
    @FunctionalInterface
    public interface Merge<T> {

        /**
         * The document to be; null to remove it.
         *
         * @param base what it was when the sides parted; null if there was none, or if that is not
         *     remembered any more
         * @param winner what the side has whose changelog is adopted; null if it removed it
         * @param loser what the other side has; null if it removed it
         */
        @Nullable T merge(String key, @Nullable T base, @Nullable T winner, @Nullable T loser);
    }
}
