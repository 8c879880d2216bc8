package io.tuli.workload;

import io.tuli.Outcome;
import io.tuli.Verbs;
import io.tuli.check.Linearizability;
import io.tuli.check.RegisterOperation;
import io.tuli.check.RegisterStep;
import io.tuli.check.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Reads, writes, and compares and sets a few registers. A register is given up for a new one after
 * some operations, and sooner if many are UNKNOWN, so that the search for an order has an end.
 */
final class RegisterWorkload implements Workload {

    private static final int LANES = 4;
    private static final int OPERATIONS_PER_REGISTER = 80;

    /** An unknown operation counts as so many. */
    private static final int WEIGHT_OF_UNKNOWN = 10;

    private final AtomicLong values = new AtomicLong();
    private final AtomicLongArray weights = new AtomicLongArray(LANES);

    /** By lane, a value that was read or written not long ago: what to compare with. */
    private final AtomicLongArray recent = new AtomicLongArray(LANES);

    @Override
    public String claim(Set<Fault> faults) {
        return faults.contains(Fault.PARTITION)
                ? "linearizable; across a network split the available mode is not, and must be"
                        + " found out here"
                : "linearizable";
    }

    @Override
    public ChaosRequest next(int writer, RandomGenerator random) {
        int lane = writer / 2 % LANES;
        long weight = weights.getAndIncrement(lane);
        String key = "register" + lane + "-" + weight / OPERATIONS_PER_REGISTER;
        long next = values.incrementAndGet();
        return switch (random.nextInt(5)) {
            case 0, 1 -> ChaosRequest.of(ChaosRequest.READ, key, "");
            case 2, 3 -> ChaosRequest.of(Verbs.UPDATE, key, next);
            default -> ChaosRequest.of(ChaosService.CAS, key, recent.get(lane) + "," + next);
        };
    }

    @Override
    public void ended(int writer, Operation operation) {
        int lane = writer / 2 % LANES;
        ChaosRequest asked = operation.asked();
        if (operation.span().outcome() == Outcome.UNKNOWN) {
            weights.getAndAdd(lane, asked.isWrite() ? WEIGHT_OF_UNKNOWN : 0);
        } else if (operation.span().isOk()) {
            String text =
                    asked.verb().equals(Verbs.UPDATE) ? asked.body() : operation.answer().text();
            recent.set(lane, number(text));
        }
    }

    @Override
    public Verdict judge(Evidence evidence) {
        Map<String, List<RegisterOperation>> byRegister =
                evidence.operations().stream()
                        .collect(
                                Collectors.groupingBy(
                                        each -> each.asked().key(),
                                        TreeMap::new,
                                        Collectors.mapping(
                                                RegisterWorkload::step, Collectors.toList())));
        return byRegister.entrySet().stream()
                .map(each -> Linearizability.check(each.getKey(), each.getValue()))
                .reduce(Verdict.GOOD, Verdict::and);
    }

    private static RegisterOperation step(Operation operation) {
        ChaosRequest asked = operation.asked();
        long seen = operation.span().isOk() ? number(operation.answer().text()) : 0;
        RegisterStep step =
                switch (asked.verb()) {
                    case ChaosRequest.READ -> new RegisterStep.Read(seen);
                    case Verbs.UPDATE -> new RegisterStep.Write(number(asked.body()));
                    default -> {
                        String[] both = asked.body().split(",", 2);
                        yield new RegisterStep.Cas(number(both[0]), number(both[1]), seen);
                    }
                };
        return new RegisterOperation(operation.number(), step, operation.span());
    }

    private static long number(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
