package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.MemberId;
import io.tuli.membership.Sighting.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Members that look around in random order, each look taking several steps of the others. */
class LocalElectionTest {

    private static final int RUNS = 3_000;
    private static final int STEPS_MAX = 20_000;

    private final long seed = Long.getLong("tuli.seed", 42);

    @Test
    void whoIsAloneFoundsTheMesh() {
        LocalElection alone = new LocalElection(1);

        assertThat(alone.step(List.of())).isEqualTo(new LocalElection.Verdict.Again(true));
        assertThat(alone.standing()).isEqualTo(Standing.CLAIMING);
        assertThat(alone.step(List.of())).isEqualTo(new LocalElection.Verdict.Found());
    }

    @Test
    void whoSeesAMemberFollowsTheCoordinatorFirst() {
        Runner member = new Runner(1, true);
        Runner coordinator = new Runner(2, true);
        member.election.viewed(false);
        coordinator.election.viewed(true);

        LocalElection.Verdict verdict =
                new LocalElection(3).step(List.of(member.rival(), coordinator.rival()));

        assertThat(verdict)
                .isEqualTo(
                        new LocalElection.Verdict.Follow(
                                List.of(
                                        coordinator.rival().sighting(),
                                        member.rival().sighting())));
    }

    @Test
    void aServerGoesBeforeAClient() {
        assertThat(LocalElection.rank(20_063, true)).isLessThan(LocalElection.rank(20_000, false));
    }

    @Test
    void howeverTheyInterleaveExactlyOneFoundsAndAllOthersFollow() {
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(seed + run);
            List<Runner> runners = runners(random);

            int steps = 0;
            while (runners.stream().anyMatch(runner -> !runner.isDone()) && steps < STEPS_MAX) {
                runners.get(random.nextInt(runners.size())).advance(runners);
                steps++;
            }

            assertThat(runners)
                    .as("-Dtuli.seed=%d run %d", seed, run)
                    .allMatch(Runner::isDone)
                    .filteredOn(runner -> runner.hasFounded)
                    .hasSize(1);
        }
    }

    private static List<Runner> runners(Random random) {
        int count = 2 + random.nextInt(5);
        List<Runner> runners = new ArrayList<>();
        for (int port = 0; port < count; port++) {
            Runner runner = new Runner(port, random.nextBoolean());
            runner.startsAfter = random.nextInt(10);
            runners.add(runner);
        }
        return runners;
    }

    /** Looks at one other a step; decides when it has looked at all. */
    private static final class Runner {

        final int port;
        final boolean isServer;
        final LocalElection election;
        final List<LocalElection.Rival> seen = new ArrayList<>();
        int startsAfter;
        int next;
        boolean hasFounded;
        boolean hasFollowed;

        Runner(int port, boolean isServer) {
            this.port = port;
            this.isServer = isServer;
            this.election = new LocalElection(LocalElection.rank(port, isServer));
        }

        boolean isDone() {
            return hasFounded || hasFollowed;
        }

        LocalElection.Rival rival() {
            MemberId id = new MemberId(port, port);
            return new LocalElection.Rival(
                    port, new Sighting(1, id, isServer, 1, election.standing()));
        }

        void advance(List<Runner> all) {
            if (startsAfter > 0) {
                startsAfter--;
                return;
            }
            if (isDone()) {
                return;
            }
            if (next < all.size()) {
                Runner other = all.get(next++);
                if (other != this && other.startsAfter == 0) {
                    seen.add(other.rival());
                }
                return;
            }
            LocalElection.Verdict verdict = election.step(List.copyOf(seen));
            seen.clear();
            next = 0;
            hasFounded = verdict instanceof LocalElection.Verdict.Found;
            hasFollowed = verdict instanceof LocalElection.Verdict.Follow;
            if (isDone()) {
                election.viewed(hasFounded);
            }
        }
    }
}
