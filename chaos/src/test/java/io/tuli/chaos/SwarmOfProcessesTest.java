package io.tuli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Outcome;
import io.tuli.agent.AgentProcess;
import io.tuli.agent.Cluster;
import io.tuli.agent.Deadline;
import io.tuli.wiring.Loopback;
import io.tuli.workload.Answer;
import io.tuli.workload.ChaosRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fero's headline demonstration with a process for each member. */
@Tag("FE-22")
@Tag("slow")
@Timeout(180)
class SwarmOfProcessesTest {

    private static final int SERVERS = 10;
    private static final int CLIENTS = 10;
    private static final int MESSAGES = 100;
    private static final Duration END = Duration.ofSeconds(30);

    @TempDir private Path logs;

    @Test
    void whatTwentyProcessesSendIsOnAllTwentyAndAllEnd() {
        List<AgentProcess> all;
        try (Cluster cluster = new Cluster(SERVERS, new Loopback(), logs, false)) {
            cluster.start(SERVERS, CLIENTS);
            all = cluster.present();
            assertThat(all).hasSize(SERVERS + CLIENTS);

            assertThat(sendAll(all)).containsOnly(Outcome.OK);

            assertThat(Deadline.in(END).isMet(cluster::isConverged)).as(cluster::health).isTrue();
            assertThat(all).allSatisfy(SwarmOfProcessesTest::holdsEveryMessage);
            all.forEach(AgentProcess::dismiss);
            assertThat(all).allSatisfy(SwarmOfProcessesTest::endsWell);
        }
    }

    private static List<Outcome> sendAll(List<AgentProcess> all) {
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            for (AgentProcess each : all) {
                calls.add(each.call(ChaosRequest.of("update", each.name() + "-" + i, i)));
            }
        }
        return calls.stream().map(call -> call.join().outcome()).distinct().toList();
    }

    private static void holdsEveryMessage(AgentProcess agent) {
        Map<String, String> values = agent.dump(END).orElseThrow();

        assertThat(values).hasSize((SERVERS + CLIENTS) * MESSAGES);
        assertThat(values).containsEntry("member-1-99", "99").containsEntry("client-10-0", "0");
    }

    private static void endsWell(AgentProcess agent) {
        assertThat(agent.hasEnded(END)).as(agent.name()).isTrue();
        assertThat(agent.exitCode()).as(agent.name()).isZero();
    }
}
