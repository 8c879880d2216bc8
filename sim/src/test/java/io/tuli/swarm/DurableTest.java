package io.tuli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Members that keep what they have on disk come back with it, one by one or all at once; nothing
 * that was acknowledged is lost, whatever was on its way to a disk. {@code -Dtuli.seed} says the
 * first seed, {@code -Dtuli.seeds} how many.
 */
class DurableTest {

    private static final long FIRST_SEED = Long.getLong("tuli.seed", 1);

    @Test
    void whatWasAcknowledgedIsThereWhenAllComeBack() {
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        Always always = Always.NOTHING.withDisks();

        new Swarm(Integer.getInteger("tuli.seeds", 4), FIRST_SEED, null, always, false, c -> {})
                .run(
                        run -> {
                            if (run.failure() != null) {
                                failures.add(run.failure().getMessage());
                            }
                        });

        assertThat(failures).isEmpty();
    }
}
