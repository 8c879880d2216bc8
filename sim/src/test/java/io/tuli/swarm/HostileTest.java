package io.tuli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that nobody meant, frames of a client that keeps to no rule, and services whose own code
 * throws: no member ends, every request gets an outcome, and nobody else notices. {@code
 * -Dtuli.seed} says the first seed, {@code -Dtuli.seeds} how many.
 */
class HostileTest {

    private static final long FIRST_SEED = Long.getLong("tuli.seed", 1);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatNobodyMeantHarmsNobodyElse(boolean folds) {
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        Always always = new Always(folds, false, true);

        new Swarm(Integer.getInteger("tuli.seeds", 15), FIRST_SEED, null, always, false, c -> {})
                .run(
                        run -> {
                            if (run.failure() != null) {
                                failures.add(run.failure().getMessage());
                            }
                        });

        assertThat(failures).isEmpty();
    }
}
