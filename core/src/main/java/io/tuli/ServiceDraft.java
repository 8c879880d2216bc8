package io.tuli;

import io.tuli.error.Require;
import io.tuli.type.TypeOf;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A service's configuration while it can still be changed: by one thread, inside one method. */
final class ServiceDraft<T> {

    private static final int NAME_MAX = 100;
    private static final int PARTITIONS_MAX = 4096;
    private static final int CAPACITY_MAX = 65_536;
    private static final Handler<Object> PASSING = (message, turn) -> turn.pass();

    final String name;
    final TypeOf<T> type;
    @Nullable Handler<T> handler;
    Tunnel.@Nullable Handler tunnel;
    Set<String> inlineVerbs = Set.of();
    Set<String> reads = Set.of();
    Map<String, String> allowed = Map.of();
    int partitions = ServiceConfig.PARTITIONS_STANDARD;
    Partitioner partitioner = Partitioner.TOP_LEVEL;
    Map<String, Fold> folds = Map.of();
    boolean replica = true;
    @Nullable Commit commit;
    @Nullable Duration deadline;
    @Nullable Duration expiry;
    ServiceConfig.MergePolicy merge = ServiceConfig.MergePolicy.LAST_WRITE_WINS;
    ServiceConfig.@Nullable Merge<T> mergeFunction;
    boolean checked;
    boolean keepsBefore;
    int capacity = ServiceConfig.CAPACITY_STANDARD;
    int queue = -1;
    ServiceDescription description = ServiceDescription.NONE;
    boolean isInternal;
    @Nullable Durable durability;
    String codecName = "";
    @Nullable Codec codec;

    ServiceDraft(String name, TypeOf<T> type) {
        this.name = name;
        this.type = type;
        this.checked = type.raw() != Object.class && type.raw() != Payload.class;
    }

    ServiceDraft(ServiceDraft<T> from) {
        this(from.name, from.type);
        handler = from.handler;
        tunnel = from.tunnel;
        inlineVerbs = from.inlineVerbs;
        reads = from.reads;
        allowed = from.allowed;
        partitions = from.partitions;
        partitioner = from.partitioner;
        folds = from.folds;
        replica = from.replica;
        commit = from.commit;
        deadline = from.deadline;
        expiry = from.expiry;
        merge = from.merge;
        mergeFunction = from.mergeFunction;
        checked = from.checked;
        keepsBefore = from.keepsBefore;
        capacity = from.capacity;
        queue = from.queue;
        description = from.description;
        isInternal = from.isInternal;
        durability = from.durability;
        codecName = from.codecName;
        codec = from.codec;
    }

    /** No documents, and so no partitions and replicas. */
    void beStateless() {
        partitions = 0;
        replica = false;
        checked = false;
    }

    void codec(String codecsName, Codec own) {
        Require.argument(isName(codecsName), "a codec's name is as a service's", codecsName);
        Class<T> raw = type.raw();
        boolean isPlain = raw == Object.class || raw == Payload.class || raw == byte[].class;
        Require.argument(!isPlain, "a codec of one's own is for a type of one's own", type);
        codecName = codecsName;
        codec = own;
    }

    void requireState(String what) {
        Require.argument(partitions != 0, "a stateless service has no " + what, name);
    }

    void inline(List<String> verbs) {
        Set<String> all = new LinkedHashSet<>(inlineVerbs);
        all.addAll(verbs);
        inlineVerbs = Collections.unmodifiableSet(all);
    }

    void partitions(int count) {
        Require.argument(
                count >= 1 && count <= PARTITIONS_MAX, "partitions must be 1..4096", count);
        partitions = count;
    }

    void capacity(int count) {
        Require.argument(
                count >= 1 && count <= CAPACITY_MAX, "a capacity is 1.." + CAPACITY_MAX, count);
        capacity = count;
    }

    void queue(int count) {
        Require.argument(
                count >= 0 && count <= CAPACITY_MAX, "a queue is 0.." + CAPACITY_MAX, count);
        queue = count;
    }

    void reads(String... verbs) {
        Set<String> all = new LinkedHashSet<>(reads);
        for (String verb : verbs) {
            Require.argument(
                    !verb.isBlank() && !Verbs.isReserved(verb) && !Verbs.BUILT_IN.contains(verb),
                    "what only reads is a verb of the handler's own",
                    verb);
            all.add(verb);
        }
        reads = Collections.unmodifiableSet(all);
    }

    void merge(ServiceConfig.MergePolicy policy, ServiceConfig.@Nullable Merge<T> function) {
        merge = policy;
        mergeFunction = function;
    }

    void fold(String source, Fold fold) {
        Map<String, Fold> all = new LinkedHashMap<>(folds);
        all.put(source, fold);
        folds = Collections.unmodifiableMap(all);
    }

    /** The first that is said of somebody counts. */
    void allow(String who, String rights) {
        Map<String, String> all = new LinkedHashMap<>(allowed);
        all.putIfAbsent(who, rights);
        allowed = Collections.unmodifiableMap(all);
    }

    /** The handler, or one that passes everything to the built-in verbs. */
    Handler<T> handlerOrPassing() {
        if (handler != null) {
            return handler;
        }
        @SuppressWarnings("unchecked") // it looks at no value
        Handler<T> passing = (Handler<T>) PASSING;
        return passing;
    }

    ServiceConfig<T> done() {
        return new ServiceConfig<>(this);
    }

    static boolean isName(String text) {
        if (text.isEmpty() || text.length() > NAME_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isOfName(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfName(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-_.".indexOf(c) >= 0;
    }
}
