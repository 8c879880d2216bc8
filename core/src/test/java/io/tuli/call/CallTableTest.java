package io.tuli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Each call is found by its number until it is removed, however many others come and go. */
class CallTableTest {

    private static final int LOOP = 3;
    private static final int STEPS = 200_000;

    private final CallTable table = new CallTable(LOOP);
    private final Map<Long, Outgoing> model = new LinkedHashMap<>();

    @Test
    void whatIsAddedAndNotRemovedIsFoundAndNothingElse() {
        long seed = Long.getLong("tuli.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        List<Outgoing> there = new ArrayList<>();
        int most = 1;
        for (int step = 0; step < STEPS; step++) {
            most = step % 10_000 == 0 ? 1 + random.nextInt(700) : most;
            boolean isMore = there.isEmpty() || (there.size() < most && random.nextInt(100) < 60);
            if (isMore) {
                there.add(added());
            } else {
                remove(there.remove(random.nextInt(there.size())));
            }
            if (step % 997 == 0) {
                assertThat(seen()).as("-Dtuli.seed=%d", seed).isEqualTo(model.keySet());
            }
        }
        model.forEach(
                (number, call) ->
                        assertThat(table.find(number)).as("-Dtuli.seed=%d", seed).isSameAs(call));
        assertThat(table.size()).isEqualTo(model.size());
    }

    @Test
    void aCallThatStaysForLongIsPassedOver() {
        Outgoing old = added();
        for (int i = 0; i < 1_000; i++) {
            remove(added());
        }

        assertThat(table.find(old.number)).isSameAs(old);
        assertThat(table.toString()).isEqualTo("calls=1 places=64 loop=3");
    }

    @Test
    void aNumberIsUsedOnce() {
        Outgoing call = added();
        remove(call);

        assertThat(table.find(call.number)).isNull();
        assertThatThrownBy(() -> table.remove(call)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aNumberSaysWhoseLoopTheCallIs() {
        assertThat(Caller.loopOf(added().number)).isEqualTo(LOOP);
    }

    private Outgoing added() {
        Outgoing call = RecordedCall.of(1, 1);
        call.number = table.add(call);
        model.put(call.number, call);
        return call;
    }

    private void remove(Outgoing call) {
        table.remove(call);
        model.remove(call.number);
    }

    private Set<Long> seen() {
        Set<Long> numbers = new LinkedHashSet<>();
        table.forEach(call -> assertThat(numbers.add(call.number)).isTrue());
        return numbers;
    }
}
