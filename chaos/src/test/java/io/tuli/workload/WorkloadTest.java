package io.tuli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Outcome;
import io.tuli.check.Span;
import io.tuli.check.Verdict;
import io.tuli.check.WatchCheck.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each workload judges by its checker: what it asked for and got is good, what it did not is not.
 */
class WorkloadTest {

    private static final long NANOS = 1_000_000;

    private final List<Operation> operations = new ArrayList<>();
    private long millis;

    @ParameterizedTest
    @ValueSource(strings = {"set", "log", "counter", "dedup"})
    void whatIsAcknowledgedAndNotThereIsLost(String name) {
        Workload workload = Workloads.named(name);
        answer(workload, "x");

        Verdict verdict = workload.judge(evidence(Map.of(), Set.of()));

        assertThat(verdict.lost()).isEqualTo(1);
    }

    @Test
    void whatASetWasGivenOnceIsGood() {
        Workload workload = Workloads.named("set");
        String key = answer(workload, "1").asked().key();

        assertThat(workload.judge(evidence(Map.of(key, "1"), Set.of()))).isEqualTo(Verdict.GOOD);
        assertThat(workload.judge(evidence(Map.of(key, "2"), Set.of())).duplicated()).isEqualTo(1);
    }

    @Test
    void whatALogWasGivenInOrderIsGood() {
        Workload workload = Workloads.named("log");
        Operation first = answer(workload, "0");
        List<String> log = List.of(first.asked().body());

        assertThat(workload.judge(evidence(Map.of(first.asked().key(), log.toString()), Set.of())))
                .isEqualTo(Verdict.GOOD);
    }

    @Test
    void aLogLosesNothingInASplitAndKeepsItsOrder() {
        Workload workload = Workloads.named("log");
        List<Operation> answered = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            answered.add(answer(workload, "0"));
        }
        String first = answered.getFirst().asked().body();
        String last = answered.getLast().asked().body();
        Map<String, String> logs = new HashMap<>();
        answered.forEach(each -> logs.put(each.asked().key(), "[" + each.asked().body() + "]"));
        String log = answered.getFirst().asked().key();

        assertThat(log).isEqualTo(answered.getLast().asked().key());
        logs.put(log, "[" + first + ", " + last + "]");
        assertThat(workload.judge(split(logs))).isEqualTo(Verdict.GOOD);
        logs.put(log, "[" + first + "]");
        assertThat(workload.judge(split(logs)).lost()).isEqualTo(1);
        logs.put(log, "[" + last + ", " + first + "]");
        assertThat(workload.judge(split(logs)).violations()).isEqualTo(1);
    }

    private Evidence split(Map<String, String> values) {
        return evidence(values, Set.of(Fault.PARTITION));
    }

    @Test
    void twoSidesOfASplitMayEachReply() {
        Workload workload = Workloads.named("dedup");
        ChaosRequest asked = answer(workload, "x").asked();
        add(asked, "y");
        Map<String, String> once = Map.of(asked.key(), "1");

        assertThat(workload.judge(evidence(once, Set.of())).violations()).isEqualTo(1);
        assertThat(workload.judge(evidence(once, Set.of(Fault.PARTITION)))).isEqualTo(Verdict.GOOD);
    }

    @Test
    void aReadOfWhatWasOverwrittenIsFound() {
        Workload workload = Workloads.named("register");
        add(ChaosRequest.of("update", "register0-0", 7), "");
        add(ChaosRequest.of(ChaosRequest.READ, "register0-0", ""), "7");
        Verdict before = workload.judge(evidence(Map.of(), Set.of()));
        add(ChaosRequest.of(ChaosRequest.READ, "register0-0", ""), "");

        assertThat(before).isEqualTo(Verdict.GOOD);
        assertThat(workload.judge(evidence(Map.of(), Set.of())).violations()).isEqualTo(1);
    }

    @Test
    void aWriterOfWatchedKeysCountsUpUntilOneIsUnknown() {
        Workload workload = Workloads.named("watch");
        SplittableRandom random = new SplittableRandom(1);
        ChaosRequest first = workload.next(0, random);
        workload.ended(0, operation(first, "", Outcome.OK));
        ChaosRequest second = workload.next(0, random);
        workload.ended(0, operation(second, "", Outcome.UNKNOWN));

        assertThat(List.of(first, second, workload.next(0, random)))
                .extracting(asked -> asked.key() + "=" + asked.body())
                .containsExactly("watch0-0=1", "watch0-0=2", "watch0-1=1");
    }

    private Operation answer(Workload workload, String reply) {
        return add(workload.next(0, new SplittableRandom(1)), reply);
    }

    private Operation add(ChaosRequest asked, String reply) {
        Operation operation = operation(asked, reply, Outcome.OK);
        operations.add(operation);
        return operation;
    }

    private Operation operation(ChaosRequest asked, String reply, Outcome outcome) {
        millis += 10;
        Span span = new Span(millis * NANOS, (millis + 1) * NANOS, outcome);
        return new Operation(millis, "w", asked, new Answer(outcome, reply, 1), span);
    }

    private Evidence evidence(Map<String, String> values, Set<Fault> faults) {
        Map<String, List<Seen>> nobody = Map.of();
        return new Evidence(operations, Map.of("m1", values), nobody, faults);
    }
}
