package io.tuli;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A service's configuration while it can still be changed: by one thread, inside one method. */
final class ServiceDraft<T> {

    private static final int NAME_MAX = 100;
    private static final Handler<Object> PASSING = (message, turn) -> turn.pass();

    final String name;
    final Class<T> type;
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

    ServiceDraft(String name, Class<T> type) {
        this.name = name;
        this.type = type;
        this.checked = type != Object.class && type != Payload.class;
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
    }

    /** No documents, and so no partitions and replicas. */
    void beStateless() {
        partitions = 0;
        replica = false;
        checked = false;
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
