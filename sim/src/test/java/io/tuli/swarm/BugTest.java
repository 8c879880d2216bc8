package io.tuli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.planted.Bug;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation has eyes: each bug planted on purpose is found. */
class BugTest {

    private static final int SEEDS_MOST = 2_000;

    @ParameterizedTest
    @EnumSource(Bug.class)
    @Tag("slow")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aPlantedBugIsFound(Bug bug) {
        SwarmReport report =
                new Swarm(SEEDS_MOST, 1, bug, always(bug), true, cluster -> {}).run(run -> {});

        assertThat(report.failed()).as("seeds that find %s", bug).isPositive();
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
