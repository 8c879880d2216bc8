package io.tuli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a service is served or used. Immutable; each method answers a changed copy.
 *
 * @param name its address; letters, digits, {@code - _ .}
 * @param type what its documents are read as; {@code Object} for JSON-like values, {@code byte[]}
 *     for opaque bytes
 * @param handler runs for each message at the owner; the default passes everything to the built-in
 *     verbs
 * @param inlineVerbs verbs whose handler runs on the event loop: it must be short and never block
 * @param partitions fixed for the life of the service; all members must agree
 * @param partitioner what keys are placed by
 * @param folds services whose changes this one consumes
 * @param replica whether a client holds a live replica; servers always do
 * @param commit what a call's OK stands for unless its message says
 * @param deadline for calls whose message has none; never infinite
 * @param merge what becomes of conflicting writes after a split; all members must agree
 * @param mergeFunction decides where {@code merge} is {@link MergePolicy#FUNCTION}; who only uses
 *     the service needs none
 */
public record ServiceConfig<T>(
        String name,
        Class<T> type,
        Handler<T> handler,
        Set<String> inlineVerbs,
        int partitions,
        Partitioner partitioner,
        Map<String, Fold> folds,
        boolean replica,
        Commit commit,
        Duration deadline,
        MergePolicy merge,
        @Nullable Merge<T> mergeFunction) {

    /** Matches every verb in {@link #inlineVerbs}. */
    public static final String ALL_VERBS = "*";

    private static final Handler<Object> PASSING = (message, turn) -> turn.pass();

    private static final int PARTITIONS_MAX = 4096;

    public ServiceConfig {
        Require.argument(
                name.matches("[A-Za-z0-9_.-]{1,100}"),
                "a service name is [A-Za-z0-9_.-]{1,100}",
                name);
        Require.argument(
                partitions >= 1 && partitions <= PARTITIONS_MAX,
                "partitions must be 1..4096",
                partitions);
        inlineVerbs = Set.copyOf(inlineVerbs);
        folds = Map.copyOf(folds);
    }

    /** Whether there is a handler of the service's own, besides the built-in verbs. */
    public boolean hasHandler() {
        return !handler.equals(PASSING);
    }

    /** The defaults: built-in verbs, 256 partitions, each top-level key by itself. */
    public static <T> ServiceConfig<T> of(String name, Class<T> type) {
        @SuppressWarnings("unchecked") // it looks at no value
        Handler<T> passing = (Handler<T>) PASSING;
        return new ServiceConfig<>(
                name,
                type,
                passing,
                Set.of(ALL_VERBS),
                256,
                Partitioner.TOP_LEVEL,
                Map.of(),
                true,
                Commit.safe(),
                Duration.ofSeconds(20),
                MergePolicy.LAST_WRITE_WINS,
                null);
    }

    /** With a handler that may block; it runs on virtual threads, one message at a time per key. */
    public ServiceConfig<T> handler(Handler<T> other) {
        Draft<T> draft = new Draft<>(this);
        draft.handler = other;
        draft.inlineVerbs = Set.of();
        return draft.done();
    }

    /**
     * Runs the handler of these verbs - of all, where none are named - on the event loop: short,
     * never blocking.
     */
    public ServiceConfig<T> inline(String... verbs) {
        Draft<T> draft = new Draft<>(this);
        draft.inlineVerbs = verbs.length == 0 ? Set.of(ALL_VERBS) : Set.of(verbs);
        return draft.done();
    }

    public ServiceConfig<T> partitions(int count) {
        Draft<T> draft = new Draft<>(this);
        draft.partitions = count;
        return draft.done();
    }

    public ServiceConfig<T> partitioner(Partitioner other) {
        Draft<T> draft = new Draft<>(this);
        draft.partitioner = other;
        return draft.done();
    }

    /**
     * Consumes the changes of another service, each exactly once. A message whose handler fails is
     * left out; one that fails with what may pass (category RETRY) is handled again until it does
     * not, and those behind it wait.
     */
    public ServiceConfig<T> fold(String sourceService, Fold fold) {
        Draft<T> draft = new Draft<>(this);
        draft.folds = new LinkedHashMap<>(folds);
        draft.folds.put(sourceService, fold);
        return draft.done();
    }

    /** A client without a live replica: it only sends. */
    public ServiceConfig<T> withoutReplica() {
        Draft<T> draft = new Draft<>(this);
        draft.replica = false;
        return draft.done();
    }

    public ServiceConfig<T> commit(Commit other) {
        Draft<T> draft = new Draft<>(this);
        draft.commit = other;
        return draft.done();
    }

    public ServiceConfig<T> deadline(Duration other) {
        Draft<T> draft = new Draft<>(this);
        draft.deadline = other;
        return draft.done();
    }

    /** What becomes of a value that both sides of a split have written. */
    public ServiceConfig<T> merge(MergePolicy other) {
        Draft<T> draft = new Draft<>(this);
        draft.merge = other;
        draft.mergeFunction = null;
        return draft.done();
    }

    /** Lets a function of yours merge documents that both sides of a split have changed. */
    public ServiceConfig<T> merge(Merge<T> function) {
        Draft<T> draft = new Draft<>(this);
        draft.merge = MergePolicy.FUNCTION;
        draft.mergeFunction = function;
        return draft.done();
    }

    /** Whether the handler of this verb runs on the event loop. */
    public boolean isInline(String verb) {
        return inlineVerbs.contains(ALL_VERBS) || inlineVerbs.contains(verb);
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

    private static final class Draft<T> {
        private final String name;
        private final Class<T> type;
        private Handler<T> handler;
        private Set<String> inlineVerbs;
        private int partitions;
        private Partitioner partitioner;
        private Map<String, Fold> folds;
        private boolean replica;
        private Commit commit;
        private Duration deadline;
        private MergePolicy merge;
        private @Nullable Merge<T> mergeFunction;

        Draft(ServiceConfig<T> from) {
            name = from.name;
            type = from.type;
            handler = from.handler;
            inlineVerbs = from.inlineVerbs;
            partitions = from.partitions;
            partitioner = from.partitioner;
            folds = from.folds;
            replica = from.replica;
            commit = from.commit;
            deadline = from.deadline;
            merge = from.merge;
            mergeFunction = from.mergeFunction;
        }

        ServiceConfig<T> done() {
            return new ServiceConfig<>(
                    name,
                    type,
                    handler,
                    inlineVerbs,
                    partitions,
                    partitioner,
                    folds,
                    replica,
                    commit,
                    deadline,
                    merge,
                    mergeFunction);
        }
    }
}
