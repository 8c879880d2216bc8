package io.tuli.workload;

import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Turn;
import java.util.UUID;

/** The service that all agents serve or use, with the verbs that workloads need. */
public final class ChaosService {

    public static final String NAME = "chaos";

    /** Adds 1 to the number at the key: a handler's read, modify and write. */
    static final String COUNT = "COUNT";

    /** As COUNT; replies a text that no other execution replies. */
    static final String TAKE = "TAKE";

    /** Body {@code expected,next}: writes next over expected; replies what was there. */
    static final String CAS = "CAS";

    public static final int PARTITIONS = 32;

    private ChaosService() {}

    /** Built-in verbs run on the event loop, those of this service on virtual threads. */
    public static ServiceConfig<Object> config() {
        return ServiceConfig.of(NAME, Object.class)
                .partitions(PARTITIONS)
                .handler(ChaosService::handle)
                .inline("update", "increment", "push");
    }

    private static Object handle(Message message, Turn<Object> turn) {
        return switch (message.verb()) {
            case COUNT -> count(message, turn);
            case TAKE -> {
                count(message, turn);
                yield UUID.randomUUID().toString();
            }
            case CAS -> compareAndSet(message, turn);
            default -> turn.pass();
        };
    }

    private static long count(Message message, Turn<Object> turn) {
        String key = message.key().toString();
        long next = number(turn, key) + 1;
        turn.update(key, next);
        return next;
    }

    private static long compareAndSet(Message message, Turn<Object> turn) {
        String[] body = String.valueOf(message.body(String.class)).split(",", 2);
        String key = message.key().toString();
        long seen = number(turn, key);
        if (seen == Long.parseLong(body[0])) {
            turn.update(key, Long.parseLong(body[1]));
        }
        return seen;
    }

    private static long number(Turn<Object> turn, String key) {
        Long value = turn.value(key, Long.class);
        return value == null ? 0 : value;
    }
}
