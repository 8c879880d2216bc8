package io.tuli.ask;

import io.tuli.MemberId;
import io.tuli.RequestId;
import io.tuli.protocol.Frame;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The asks of a service that run or wait here, and the answers given lately, by who asked: a repeat
 * joins the first, or gets its answer. What is answered is kept for so long, so many of each caller
 * and so many bytes in all; the oldest go first. One thread at a time.
 */
final class AskMemory {

    /** Answers kept of one caller. */
    static final int OF_A_CALLER_MOST = 1_024;

    /** Bytes of the answers kept, in all. */
    static final int BYTES_MOST = 16 << 20;

    /** How long an answer is kept. */
    static final long KEPT_NANOS = 10_000_000_000L;

    /** What an answer costs besides its body. */
    private static final int OVERHEAD_BYTES = 200;

    /** So many repeats of one ask wait for its answer. */
    private static final int REPEATS_MOST = 16;

    private final Map<MemberId, Caller> callers = new HashMap<>();

    /**
     * Of all callers, in the order of their answers; what one caller has too many of goes at once.
     */
    private final LinkedHashSet<Asked> answered = new LinkedHashSet<>();

    private long bytes;

    /** Who asks, and what of it is known here. */
    private static final class Caller {
        private final Map<RequestId, Asked> asks = new HashMap<>();
        private final ArrayDeque<Asked> answered = new ArrayDeque<>();
        private int open;
    }

    /** One ask. */
    static final class Asked {
        final MemberId from;
        final Frame.Ask ask;

        /** The numbers under which its answer is awaited. */
        private long[] calls;

        /** Null while it runs or waits. */
        Frame.@Nullable Result result;

        /** What it was told while it runs on: the beginning of a tunnel. */
        Frame.@Nullable Result opened;

        /** The caller gave it up. */
        boolean isCancelled;

        private long answeredNanos;

        private Asked(MemberId from, Frame.Ask ask) {
            this.from = from;
            this.ask = ask;
            this.calls = new long[] {ask.call()};
        }

        long[] calls() {
            return calls;
        }

        boolean isAwaitedAs(long call) {
            for (long each : calls) {
                if (each == call) {
                    return true;
                }
            }
            return false;
        }

        /** Its answer goes to this number, too; false if there are too many. */
        boolean join(long call) {
            if (isAwaitedAs(call)) {
                return true;
            }
            if (calls.length == REPEATS_MOST) {
                return false;
            }
            calls = Arrays.copyOf(calls, calls.length + 1);
            calls[calls.length - 1] = call;
            return true;
        }

        /** Whether the other one asks for the same. */
        boolean isSame(Frame.Ask other) {
            return ask.verb().equals(other.verb())
                    && ask.key().equals(other.key())
                    && ask.body().equals(other.body())
                    && ask.extensions().asksTheSameAs(other.extensions());
        }

        private int sizeBytes() {
            Frame.Result known = result;
            int body = known == null ? 0 : known.body().sizeBytes() + known.detail().length();
            return OVERHEAD_BYTES + ask.body().sizeBytes() + ask.extensions().sizeBytes() + body;
        }
    }

    /** What is known of an ask; null if nothing. */
    @Nullable Asked find(MemberId from, RequestId id) {
        Caller caller = callers.get(from);
        return caller == null ? null : caller.asks.get(id);
    }

    /** An ask that runs or waits under this number; null if there is none. */
    @Nullable Asked running(MemberId from, long call) {
        Caller caller = callers.get(from);
        if (caller == null || caller.open == 0) {
            return null;
        }
        for (Asked each : caller.asks.values()) {
            if (each.result == null && each.isAwaitedAs(call)) {
                return each;
            }
        }
        return null;
    }

    /** How many of a caller run or wait. */
    int open(MemberId from) {
        Caller caller = callers.get(from);
        return caller == null ? 0 : caller.open;
    }

    /** A new one, which runs or waits from now on. */
    Asked add(MemberId from, Frame.Ask ask) {
        Caller caller = callers.computeIfAbsent(from, none -> new Caller());
        Asked asked = new Asked(from, ask);
        caller.asks.put(ask.id(), asked);
        caller.open++;
        return asked;
    }

    /** It was not executed: a repeat is new. */
    void drop(Asked asked) {
        Caller caller = callers.get(asked.from);
        if (caller != null && caller.asks.remove(asked.ask.id(), asked)) {
            caller.open--;
            removeIfEmpty(asked.from, caller);
        }
    }

    /** It has its answer, which is kept for a while. */
    void answered(Asked asked, Frame.Result result, long now) {
        Caller caller = callers.get(asked.from);
        if (caller == null) {
            return;
        }
        asked.result = result;
        asked.answeredNanos = now;
        caller.open--;
        caller.answered.add(asked);
        answered.add(asked);
        bytes += asked.sizeBytes();
        if (caller.answered.size() > OF_A_CALLER_MOST) {
            forget(caller.answered.element());
        }
        trim(now);
    }

    /** Forgets what is old, or too much. */
    void trim(long now) {
        while (!answered.isEmpty()) {
            Asked oldest = answered.getFirst();
            if (bytes <= BYTES_MOST && now - oldest.answeredNanos < KEPT_NANOS) {
                return;
            }
            forget(oldest);
        }
    }

    /** Of its caller it is the first. */
    private void forget(Asked asked) {
        answered.remove(asked);
        bytes -= asked.sizeBytes();
        Caller caller = callers.get(asked.from);
        if (caller != null) {
            caller.answered.remove(asked);
            caller.asks.remove(asked.ask.id(), asked);
            removeIfEmpty(asked.from, caller);
        }
    }

    /** How many answers are kept. */
    int kept() {
        return answered.size();
    }

    private void removeIfEmpty(MemberId from, Caller caller) {
        if (caller.asks.isEmpty() && caller.open == 0) {
            callers.remove(from);
        }
    }

    @Override
    public String toString() {
        return "callers=" + callers.size() + " answered=" + answered.size() + " bytes=" + bytes;
    }
}
