package io.tuli.swarm;

import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Refusal;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.cluster.ClusterCall;
import io.tuli.cluster.ClusterMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests that their handler refuses, whatever else goes on: none is told OK, and what is told of
 * a refusal is what the handler said of that very request. One thread.
 */
final class RefusedCalls {

    /** The handler of it throws, with the number that the message carries. */
    static final String VERB = "REFUSE";

    /** One to so many writes. */
    private static final int EVERY = 8;

    private static final int CODE = 418;
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final List<ClusterCall<?>> calls = new ArrayList<>();
    private final ServiceConfig<Object> service;
    private int writes;

    RefusedCalls(ServiceConfig<Object> service) {
        this.service = service;
    }

    static Object handle(Message message, Turn<Object> turn) {
        turn.update("must not be seen");
        Object number = message.body(Object.class);
        throw Refusal.of(CODE, "Refused", "as asked").data(number).errors(Map.of("is", "wrong"));
    }

    /** A member has written: now and then it asks for a refusal, too. */
    void wrote(ClusterMember member) {
        if (++writes % EVERY == 0 && member.isAlive()) {
            int number = calls.size();
            Message message = Message.of(VERB, number).key("refused" + number).within(WITHIN);
            calls.add(member.service(service).send(message));
        }
    }

    boolean isEnded() {
        return calls.stream().allMatch(call -> call.isEnded() || !call.from().isAlive());
    }

    /** What is not as promised; null if all is. */
    @Nullable String breach() {
        for (int number = 0; number < calls.size(); number++) {
            ClusterCall<?> call = calls.get(number);
            if (call.outcome() == Outcome.OK) {
                return "a refused request is told OK: " + call;
            }
            if (call.failure() == Failure.HANDLER_FAILED && !isWhole(call, number)) {
                return "a refusal arrives as it was thrown, with data=" + number + ": " + call;
            }
        }
        return null;
    }

    private static boolean isWhole(ClusterCall<?> call, int number) {
        try {
            call.reply();
            return false;
        } catch (TuliException told) {
            return told instanceof Refusal refusal
                    && refusal.code() == CODE
                    && refusal.text().equals("as asked")
                    && Integer.valueOf(number).equals(refusal.data())
                    && refusal.errors().equals(Map.of("is", "wrong"));
        }
    }
}
