package io.tuli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.ServiceConfig;
import io.tuli.planted.Bug;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that closes one service and stays, and serves it again. */
class ServiceClosingTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final ServiceConfig<Integer> DOCS =
            ServiceConfig.of("docs", Integer.class).partitions(8);

    private final Cluster cluster = new Cluster(7).everywhere(DOCS);
    private final List<ClusterMember> servers = cluster.servers(3);
    private final ClusterMember client = cluster.client();

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            client.service(DOCS).send(Message.of("update", i).key("k" + i)).reply();
        }
    }

    @Test
    @Tag("PT-14")
    void itsPlacesMoveAndComeBackAgainAndAgain() {
        cluster.awaitConvergence(SOON);
        write(40);
        for (int round = 0; round < 6; round++) {
            ClusterMember closes = servers.get(round % servers.size());
            ClusterCall<Object> meanwhile =
                    client.service(DOCS).send(Message.of("update", round).key("k" + round));

            cluster.close(closes, DOCS, Duration.ofMillis(100 + 100 * round));

            cluster.await("it is closed", () -> closes.hosted(DOCS_NUMBER) == null, SOON);
            cluster.awaitConvergence(SOON);
            assertThat(meanwhile.outcome()).isEqualTo(Outcome.OK);
            assertThat(closes.service(DOCS).state()).hasSize(40);
            write(8);
        }
    }

    private static final int DOCS_NUMBER = io.tuli.protocol.ServiceSpec.numberOf("docs");

    @Test
    @Tag("PT-14")
    void whoForgotWhatItPromisedIsFound() {
        cluster.plant(Bug.FORGETS_WHAT_IT_PROMISED.plant(cluster.world()));
        cluster.awaitConvergence(SOON);

        cluster.close(servers.getFirst(), DOCS, Duration.ZERO);

        assertThatThrownBy(() -> cluster.run(SOON)).hasMessageContaining("I6");
    }
}
