package io.tuli.workload;

import io.tuli.check.DedupCheck;
import io.tuli.check.DedupCheck.Attempt;
import io.tuli.check.Verdict;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Sends requests under ids, and every third of them again: soon after, or at the same time, from
 * whatever client. The handler counts its executions and replies something new each time.
 */
final class DedupWorkload implements Workload {

    private static final int KEYS = 12;
    private static final int REQUESTS_PER_DOCUMENT = 1_000;
    private static final double REPEATED = 0.33;
    private static final int RECENT = 60;

    private final AtomicLong requests = new AtomicLong();

    @Override
    public String claim(Set<Fault> faults) {
        return faults.contains(Fault.PARTITION)
                ? "every request acknowledged took effect once, however often it was sent"
                : "every request acknowledged took effect once, and every repeat got its reply";
    }

    @Override
    public ChaosRequest next(int writer, RandomGenerator random) {
        long newest = requests.get();
        boolean isRepeat = newest > 0 && random.nextDouble() < REPEATED;
        return asked(
                isRepeat
                        ? Math.max(1, newest - random.nextInt(RECENT))
                        : requests.incrementAndGet());
    }

    private static ChaosRequest asked(long request) {
        long document = request / KEYS / REQUESTS_PER_DOCUMENT;
        String key = "dedup" + request % KEYS + "-" + document + ".q" + request;
        return ChaosRequest.of(ChaosService.TAKE, key, "").id("request-" + request);
    }

    @Override
    public Verdict judge(Evidence evidence) {
        List<Attempt> attempts =
                evidence.operations().stream().map(each -> attempt(each, evidence)).toList();
        return Workload.worst(
                evidence,
                (reader, values) ->
                        DedupCheck.check(reader, attempts, SetWorkload.numbers(values)));
    }

    /** Two sides of a split know nothing of each other, so each executes it and replies. */
    private static Attempt attempt(Operation operation, Evidence evidence) {
        String reply = evidence.hasSplit() ? "any" : operation.answer().text();
        return new Attempt(operation.asked().key(), reply, operation.span());
    }
}
