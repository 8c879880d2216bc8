package io.tuli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.planted.Bug;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulation has eyes: each bug planted on purpose is found. It is looked for first where it
 * was found last, {@code bugs.txt}, and from seed 1 where that seed does not find it any more; a
 * line then says what to write there.
 */
class BugTest {

    private static final int SEEDS_MOST = 2_000;
    private static final Properties FOUND_LAST = read();

    @ParameterizedTest
    @EnumSource(Bug.class)
    @Tag("slow")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aPlantedBugIsFound(Bug bug) {
        String last = FOUND_LAST.getProperty(bug.name());
        if (last != null && run(bug, Long.parseLong(last), 1).failed() > 0) {
            return;
        }

        SwarmReport report = run(bug, 1, SEEDS_MOST);

        assertThat(report.failed()).as("seeds that find %s", bug).isPositive();
        long found = Objects.requireNonNull(report.firstFailingSeed());
        if (found != 1) {
            System.out.println("bugs.txt: " + bug.name() + "=" + found);
        }
    }

    private static SwarmReport run(Bug bug, long first, int seeds) {
        return new Swarm(seeds, first, bug, always(bug), true, cluster -> {}).run(run -> {});
    }

    private static Properties read() {
        Properties found = new Properties();
        try (InputStream in = BugTest.class.getResourceAsStream("/bugs.txt")) {
            found.load(Objects.requireNonNull(in));
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is wrong only where a service tells events or folds through a split is rare where seeds
     * draw both.
     */
    private static Always always(Bug bug) {
        return switch (bug) {
            case FOLDS_WHAT_A_MERGE_BROUGHT -> new Always(true, true, false);
            case LOSES_EVENTS_AT_A_MERGE, TELLS_WHAT_A_MERGE_BROUGHT, TELLS_WHAT_BOTH_EXECUTED ->
                    new Always(false, true, false, true);
            default -> Always.NOTHING;
        };
    }
}
