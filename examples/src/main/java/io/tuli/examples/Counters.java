package io.tuli.examples;

import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Turn;

/**
 * Counters by name, with one verb of their own: whoever sends COUNT gets the next number, and no
 * two get the same, wherever they ask.
 */
public final class Counters {

    public static final String NAME = "counters";
    public static final String COUNT = "COUNT";

    private Counters() {}

    /** How to serve them. The handler only adds, so it may run on the event loop. */
    public static ServiceConfig<Long> config() {
        return ServiceConfig.of(NAME, Long.class).handler(Counters::handle).inline(COUNT);
    }

    private static Object handle(Message message, Turn<Long> turn) {
        if (!message.verb().equals(COUNT)) {
            return turn.pass();
        }
        Long before = turn.value();
        long next = before == null ? 1 : before + 1;
        turn.update(next);
        return next;
    }
}
