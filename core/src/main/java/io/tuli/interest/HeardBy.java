package io.tuli.interest;

import io.tuli.MemberId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Who publishes and wants to know how many took it: each member it went to is waited for, until it
 * has answered, is gone, or time is up. One thread.
 */
final class HeardBy {

    /** Questions open at once. */
    static final int OPEN_MAX = 10_000;

    private final Map<Long, Question> open = new HashMap<>();
    private long questions;

    private static final class Question {

        private final Set<MemberId> awaited;
        private final long deadlineNanos;
        private final IntConsumer answer;
        private long sum;

        Question(Collection<MemberId> awaited, long deadlineNanos, IntConsumer answer) {
            this.awaited = new HashSet<>(awaited);
            this.deadlineNanos = deadlineNanos;
            this.answer = answer;
        }

        void answer() {
            answer.accept((int) Math.min(Integer.MAX_VALUE, sum));
        }
    }

    boolean isFull() {
        return open.size() >= OPEN_MAX;
    }

    /** The number of the next question. */
    long next() {
        return ++questions;
    }

    /**
     * Waits for these.
     *
     * @param taken so many are known already
     * @param answer told once, how many took it in all
     */
    void ask(
            long number,
            Collection<MemberId> members,
            int taken,
            long deadlineNanos,
            IntConsumer answer) {
        Question question = new Question(members, deadlineNanos, answer);
        question.sum = taken;
        if (question.awaited.isEmpty()) {
            question.answer();
        } else {
            open.put(number, question);
        }
    }

    /** A member has answered; nothing where it was not asked. */
    void heard(MemberId from, long number, int taken) {
        Question question = open.get(number);
        if (question != null && question.awaited.remove(from)) {
            question.sum += taken;
            if (question.awaited.isEmpty()) {
                open.remove(number);
                question.answer();
            }
        }
    }

    /** It answers nothing any more. */
    void gone(MemberId member) {
        for (Long number : List.copyOf(open.keySet())) {
            heard(member, number, 0);
        }
    }

    void tick(long nowNanos) {
        if (open.isEmpty()) {
            return;
        }
        List<Question> late = new ArrayList<>();
        open.values()
                .removeIf(
                        each -> {
                            boolean isLate = nowNanos - each.deadlineNanos >= 0;
                            if (isLate) {
                                late.add(each);
                            }
                            return isLate;
                        });
        late.forEach(Question::answer);
    }

    /** Nobody will answer any more. */
    void close() {
        List<Question> all = List.copyOf(open.values());
        open.clear();
        all.forEach(Question::answer);
    }
}
