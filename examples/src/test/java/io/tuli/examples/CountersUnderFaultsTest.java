package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.sim.SimCall;
import io.tuli.sim.SimCluster;
import io.tuli.sim.SimMember;
import io.tuli.sim.SimService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Counters on simulated members: one thread, virtual time, and whatever may go wrong between them.
 * Each seed is another order of events, the same every time.
 */
class CountersUnderFaultsTest {

    @Test
    void aCallGoesOnWhereAnotherTakesOver() {
        SimCluster.forEachSeed(
                50,
                cluster -> {
                    cluster.everywhere(Counters.config()).servers(3);
                    SimService<Long> counters = cluster.client().service(Counters.config());
                    cluster.awaitConvergence(Duration.ofSeconds(30));
                    assertThat(count(counters).reply()).isEqualTo(1);

                    SimCall<Long> second = count(counters);
                    cluster.run(Duration.ofMillis(1));
                    cluster.kill(counters.ownerOf("visits"));

                    assertThat(second.reply()).isEqualTo(2);
                    cluster.awaitConvergence(Duration.ofSeconds(30));
                });
    }

    @Test
    void noTwoGetTheSameNumberWhateverHappens() {
        SimCluster.forEachSeed(
                50,
                cluster -> {
                    cluster.duplicate(0.3).slowHandlers(0.2).everywhere(Counters.config());
                    List<SimMember> servers = cluster.servers(4);
                    SimMember client = cluster.client();
                    SimService<Long> counters = client.service(Counters.config());
                    cluster.awaitConvergence(Duration.ofSeconds(30));
                    List<SimCall<Long>> calls = new ArrayList<>();

                    for (int i = 0; i < 100; i++) {
                        calls.add(count(counters));
                        cluster.run(Duration.ofMillis(20));
                        switch (i) {
                            case 10 -> cluster.reset(client, counters.ownerOf("visits"));
                            case 20 -> cluster.slow(servers.get(0), servers.get(1), 10_000);
                            case 30 -> cluster.pause(servers.get(2), Duration.ofSeconds(3));
                            case 50 -> cluster.restart(servers.get(3), Duration.ofSeconds(1));
                            default -> {}
                        }
                    }
                    cluster.heal();
                    cluster.awaitConvergence(Duration.ofSeconds(30));

                    List<Long> numbers = calls.stream().map(SimCall::reply).toList();
                    assertThat(numbers).doesNotHaveDuplicates().hasSize(100);
                    assertThat(counters.get("visits")).isEqualTo(100);
                });
    }

    @Test
    void aSplitIsWhereNumbersMayRepeat() {
        SimCluster cluster = new SimCluster(1).everywhere(Counters.config());
        List<SimMember> servers = cluster.servers(2);
        SimService<Long> here = servers.get(0).service(Counters.config());
        SimService<Long> there = servers.get(1).service(Counters.config());
        cluster.awaitConvergence(Duration.ofSeconds(10));

        cluster.partition(List.of(servers.get(0)), Duration.ofSeconds(10));
        cluster.run(Duration.ofSeconds(7));
        SimCall<Long> one = count(here);
        SimCall<Long> another = count(there);

        assertThat(one.reply()).isEqualTo(another.reply()).isEqualTo(1);
        cluster.awaitConvergence(Duration.ofSeconds(30));
        assertThat(one.outcome()).isEqualTo(Outcome.OK);
        assertThat(here.get("visits")).isEqualTo(1);
    }

    private static SimCall<Long> count(SimService<Long> counters) {
        return counters.send(Message.of(Counters.COUNT).key("visits"), Long.class);
    }
}
