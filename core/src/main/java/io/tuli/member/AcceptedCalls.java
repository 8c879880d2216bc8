package io.tuli.member;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Requests accepted in this batch: their callers are told at its end, all of one caller in one
 * frame. What is answered in the same batch needs no such word. One thread.
 */
final class AcceptedCalls {

    private final Map<MemberId, Calls> byCaller = new HashMap<>();
    private boolean isEmpty = true;

    /** No call has the number that strikes out others, whoever says so. */
    void accepted(MemberId caller, long call) {
        if (call == Calls.STRUCK) {
            return;
        }
        byCaller.computeIfAbsent(caller, none -> new Calls()).add(call);
        isEmpty = false;
    }

    /** Looks whether the frame answers one. */
    void sent(MemberId to, Frame frame) {
        if (isEmpty) {
            return;
        }
        if (frame instanceof Frame.Result result) {
            answered(to, result.call());
        } else if (frame instanceof Frame.Redirect redirect) {
            answered(to, redirect.call());
        }
    }

    private void answered(MemberId to, long call) {
        Calls calls = byCaller.get(to);
        if (calls != null && call != Calls.STRUCK) {
            calls.remove(call);
        }
    }

    void tell(BiConsumer<MemberId, Frame> sender) {
        if (isEmpty) {
            return;
        }
        isEmpty = true;
        byCaller.forEach(
                (caller, calls) -> {
                    if (calls.left > 0) {
                        sender.accept(caller, new Frame.Accepted(calls.take()));
                    }
                    calls.clear();
                });
        if (byCaller.size() > 64) {
            byCaller.clear();
        }
    }

    /** Numbers in order of arrival; those answered are struck out, mostly from the front. */
    private static final class Calls {
        private static final long STRUCK = -1;

        private long[] numbers = new long[16];
        private int from;
        private int to;
        private int left;

        void add(long call) {
            if (to == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * to);
            }
            numbers[to++] = call;
            left++;
        }

        void remove(long call) {
            for (int i = from; i < to; i++) {
                if (numbers[i] == call) {
                    numbers[i] = STRUCK;
                    left--;
                    while (from < to && numbers[from] == STRUCK) {
                        from++;
                    }
                    return;
                }
            }
        }

        long[] take() {
            long[] taken = new long[left];
            int next = 0;
            for (int i = from; i < to; i++) {
                if (numbers[i] != STRUCK) {
                    taken[next++] = numbers[i];
                }
            }
            return taken;
        }

        void clear() {
            from = 0;
            to = 0;
            left = 0;
        }
    }
}
