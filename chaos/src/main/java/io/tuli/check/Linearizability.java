package io.tuli.check;

import io.tuli.Outcome;
import io.tuli.check.RegisterStep.Cas;
import io.tuli.check.RegisterStep.Read;
import io.tuli.check.RegisterStep.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Decides whether a history of one register is linearizable: whether all its operations can be put
 * in one order that respects time and in which each saw what it says. Used by one thread.
 *
 * <p>The algorithm is Wing and Gong's search with Lowe's memory. Whatever was begun before the
 * first end among the operations not yet placed may come next; one of these is placed, and the
 * search goes on. Where none fits, the last one placed is taken back and another tried in its
 * stead. A set of operations that were placed and led to a value is never gone on from a second
 * time, in whatever order they were placed: that turns the factorial into something one can wait
 * for. An operation that is UNKNOWN has no end, so it may be placed at any time after its
 * beginning, or never; one that has FAILED is never placed.
 *
 * <p>The cost is still exponential in the operations that overlap, and an UNKNOWN one overlaps all
 * that follow: hence few operations on each register, and a limit of steps.
 *
 * <p>References: J. M. Wing and C. Gong, Testing and verifying concurrent objects, JPDC 1993; G.
 * Lowe, Testing for linearizability, CCPE 2017.
 */
public final class Linearizability {

    /** What a check came to. */
    public enum Answer {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        /** The limit of steps was reached. */
        UNDECIDED
    }

    /** Enough for some seconds. */
    public static final long STEPS_MAX = 3_000_000;

    private final List<RegisterOperation> operations;
    private final Deque<Choice> choices = new ArrayDeque<>();
    private final Set<Tried> tried = new HashSet<>();
    private final BitSet placed = new BitSet();
    private int owed;
    private long value;
    private Dead deepest = new Dead(-1, "");

    private Linearizability(List<RegisterOperation> operations) {
        this.operations = operations;
        this.owed = (int) operations.stream().filter(each -> each.span().isOk()).count();
    }

    /** Decides, within {@link #STEPS_MAX}. */
    public static Answer of(List<RegisterOperation> history) {
        return new Linearizability(relevant(history)).search(STEPS_MAX);
    }

    /** Decides, and says in a verdict where no operation fits any more. */
    public static Verdict check(String register, List<RegisterOperation> history) {
        Linearizability search = new Linearizability(relevant(history));
        return switch (search.search(STEPS_MAX)) {
            case LINEARIZABLE -> Verdict.GOOD;
            case NOT_LINEARIZABLE ->
                    Verdict.violated(
                            "register " + register + " is not linearizable: " + search.deepest.why);
            case UNDECIDED ->
                    Verdict.violated(
                            "register "
                                    + register
                                    + " could not be decided in "
                                    + STEPS_MAX
                                    + " steps: "
                                    + history.size()
                                    + " operations");
        };
    }

    // ---- what matters --------------------------------------------------------------------------

    /**
     * An UNKNOWN write of a value that nobody saw and nobody may have compared with can be left
     * out: where the others fit with it, they fit without it.
     */
    private static List<RegisterOperation> relevant(List<RegisterOperation> history) {
        Set<Long> observed = new HashSet<>();
        history.stream()
                .filter(each -> !each.span().hasFailed())
                .forEach(each -> observe(each, observed));
        return history.stream()
                .filter(each -> isRelevant(each, observed))
                .sorted(Comparator.comparingLong(each -> each.span().begunNanos()))
                .toList();
    }

    private static void observe(RegisterOperation operation, Set<Long> observed) {
        switch (operation.step()) {
            case Read read -> observed.add(read.seen());
            case Cas cas -> observed.add(operation.span().isOk() ? cas.seen() : cas.expected());
            case Write ignored -> {
                // It sees nothing.
            }
        }
    }

    private static boolean isRelevant(RegisterOperation operation, Set<Long> observed) {
        if (operation.span().outcome() != Outcome.UNKNOWN) {
            return operation.span().isOk();
        }
        return switch (operation.step()) {
            case Read ignored -> false;
            case Write write -> observed.contains(write.next());
            case Cas ignored -> true;
        };
    }

    // ---- the search ----------------------------------------------------------------------------

    /** These operations, in whatever order, led to this value. */
    private record Tried(BitSet placed, long value) {}

    /** Where the search got furthest before nothing fitted. */
    private record Dead(int depth, String why) {}

    /** The operation last placed, and those that may come after it. */
    private static final class Choice {
        private final int operation;
        private final long valueBefore;
        private final List<Integer> candidates;
        private int next;

        Choice(int operation, long valueBefore, List<Integer> candidates) {
            this.operation = operation;
            this.valueBefore = valueBefore;
            this.candidates = candidates;
        }
    }

    private Answer search(long stepsMax) {
        choices.push(new Choice(-1, 0, candidates()));
        for (long step = 0; step < stepsMax; step++) {
            if (owed == 0) {
                return Answer.LINEARIZABLE;
            }
            Choice choice = choices.peek();
            if (choice == null) {
                return Answer.NOT_LINEARIZABLE;
            }
            if (choice.next < choice.candidates.size()) {
                place(choice.candidates.get(choice.next++));
            } else {
                takeBack();
            }
        }
        return Answer.UNDECIDED;
    }

    private void place(int index) {
        RegisterOperation operation = operations.get(index);
        boolean isOk = operation.span().isOk();
        OptionalLong after =
                isOk
                        ? operation.step().after(value)
                        : OptionalLong.of(operation.step().blindlyAfter(value));
        if (after.isEmpty()) {
            return;
        }
        placed.set(index);
        if (!tried.add(new Tried((BitSet) placed.clone(), after.getAsLong()))) {
            placed.clear(index);
            return;
        }
        long before = value;
        value = after.getAsLong();
        owed -= isOk ? 1 : 0;
        choices.push(new Choice(index, before, candidates()));
    }

    private void takeBack() {
        Choice last = choices.pop();
        if (choices.size() > deepest.depth) {
            deepest = new Dead(choices.size(), why(last));
        }
        if (last.operation >= 0) {
            placed.clear(last.operation);
            value = last.valueBefore;
            owed += operations.get(last.operation).span().isOk() ? 1 : 0;
        }
    }

    /**
     * Those that may come next, in the order of their beginning. One begun after the end of another
     * that is not placed has to wait for it, and so have all after it.
     */
    private List<Integer> candidates() {
        List<Integer> found = new ArrayList<>();
        long firstEnd = Long.MAX_VALUE;
        for (int i = placed.nextClearBit(0);
                i < operations.size();
                i = placed.nextClearBit(i + 1)) {
            Span span = operations.get(i).span();
            if (span.begunNanos() > firstEnd) {
                break;
            }
            firstEnd = Math.min(firstEnd, span.effectByNanos());
            found.add(i);
        }
        return found;
    }

    private String why(Choice last) {
        return "after "
                + choices.size()
                + " operations the value is "
                + value
                + ", and none of these fits: "
                + last.candidates.stream()
                        .limit(5)
                        .map(operations::get)
                        .map(each -> each.step() + " of operation " + each.number())
                        .toList();
    }
}
