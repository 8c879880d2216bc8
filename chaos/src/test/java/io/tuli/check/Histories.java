package io.tuli.check;

import io.tuli.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Histories to be judged. */
final class Histories {

    private final SplittableRandom random;

    Histories(long seed) {
        random = new SplittableRandom(seed);
    }

    static Span ok(long begun, long ended) {
        return new Span(begun, ended, Outcome.OK);
    }

    static Span failed(long begun, long ended) {
        return new Span(begun, ended, Outcome.FAILED);
    }

    static Span unknown(long begun, long ended) {
        return new Span(begun, ended, Outcome.UNKNOWN);
    }

    /** Anything, most of it not linearizable. */
    List<RegisterOperation> any(int operations) {
        List<RegisterOperation> history = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            long begun = random.nextInt(12);
            long ended = begun + random.nextInt(6);
            history.add(new RegisterOperation(i, step(), new Span(begun, ended, outcome())));
        }
        return history;
    }

    private RegisterStep step() {
        return switch (random.nextInt(3)) {
            case 0 -> new RegisterStep.Read(random.nextInt(3));
            case 1 -> new RegisterStep.Write(random.nextInt(3));
            default ->
                    new RegisterStep.Cas(random.nextInt(3), random.nextInt(3), random.nextInt(3));
        };
    }

    private Outcome outcome() {
        int drawn = random.nextInt(10);
        return drawn < 7 ? Outcome.OK : drawn < 9 ? Outcome.UNKNOWN : Outcome.FAILED;
    }

    /** What writers of a real register see, whose operations take effect at one moment each. */
    List<RegisterOperation> real(int operations, int writers) {
        List<RegisterOperation> history = new ArrayList<>();
        long[] free = new long[writers];
        long value = 0;
        for (int i = 0; i < operations; i++) {
            int writer = random.nextInt(writers);
            long effect = 10L * (i + 1);
            long begun = Math.max(free[writer], effect - random.nextInt(40));
            long ended = effect + random.nextInt(40);
            free[writer] = ended + 1;
            if (begun > effect) {
                continue;
            }
            RegisterStep step =
                    switch (random.nextInt(3)) {
                        case 0 -> new RegisterStep.Read(value);
                        case 1 -> new RegisterStep.Write(i + 1);
                        default -> new RegisterStep.Cas(random.nextLong(i + 1), i + 1, value);
                    };
            value = step.blindlyAfter(value);
            Outcome told = random.nextInt(20) == 0 ? Outcome.UNKNOWN : Outcome.OK;
            history.add(new RegisterOperation(i, step, new Span(begun, ended, told)));
        }
        return history;
    }

    /** The same history, but one read saw something that was overwritten long before. */
    static List<RegisterOperation> withOneStaleRead(List<RegisterOperation> history) {
        List<RegisterOperation> altered = new ArrayList<>(history);
        for (int i = history.size() - 1; i >= 0; i--) {
            RegisterOperation last = history.get(i);
            if (last.step() instanceof RegisterStep.Read && last.span().isOk()) {
                RegisterStep stale = new RegisterStep.Read(0);
                altered.set(i, new RegisterOperation(last.number(), stale, last.span()));
                return altered;
            }
        }
        return altered;
    }
}
