package io.tuli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random faults on random clusters: nothing acknowledged is lost, nothing runs twice, nobody is
 * lied to, and all copies end up equal. {@code -Dtuli.seed} says the first seed, {@code
 * -Dtuli.seeds} how many.
 */
class SwarmTest {

    private static final long FIRST_SEED = Long.getLong("tuli.seed", 1);

    @Test
    void aFewSeedsKeepEveryPromise() {
        assertThat(failures(Integer.getInteger("tuli.seeds", 50))).isEmpty();
    }

    @Test
    @Tag("slow")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void manySeedsKeepEveryPromise() {
        assertThat(failures(Integer.getInteger("tuli.seeds", 300))).isEmpty();
    }

    @Test
    void twoRunsOfASeedAreTheSame() {
        assertThat(hash(7)).isEqualTo(hash(7));
        assertThat(hash(7)).isNotEqualTo(hash(8));
    }

    @Test
    void aSeedIsTheSameInAnotherJvm() throws Exception {
        Process other =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                TraceMain.class.getName(),
                                "7")
                        .redirectErrorStream(true)
                        .start();

        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines().toList().getLast()).isEqualTo(Long.toHexString(hash(7)));
    }

    private static long hash(long seed) {
        return TraceMain.hash(seed);
    }

    private static List<String> failures(int seeds) {
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        new Swarm(seeds, FIRST_SEED)
                .run(
                        run -> {
                            if (run.failure() != null) {
                                failures.add(run.failure().getMessage());
                            }
                        });
        return failures;
    }
}
