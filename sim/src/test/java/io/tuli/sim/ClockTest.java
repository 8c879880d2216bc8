package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Verbs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Wall clocks that are minutes apart: nothing but the winner of a conflict depends on them. */
class ClockTest {

    private static final ServiceConfig<Long> SUMS =
            ServiceConfig.of("sums", Long.class).partitions(1);

    @Test
    void anOwnerWhoseClockIsAheadKnowsWhatAnotherExecuted() {
        SimCluster cluster = new SimCluster(1).everywhere(SUMS);
        List<SimMember> servers = cluster.servers(3);
        SimService<Long> sums = cluster.client().service(SUMS);
        SimCall<Long> first = sums.increment("apples", 1);
        assertThat(first.reply()).isEqualTo(1);
        SimMember owner = sums.ownerOf("apples");
        servers.forEach(server -> cluster.skew(server, Duration.ofMinutes(5)));

        cluster.kill(owner);
        cluster.run(Duration.ofSeconds(30));
        Message again = Message.of(Verbs.INCREMENT, 1).key("apples").id(first.id());

        assertThat(sums.send(again, Long.class).reply()).isEqualTo(1);
        assertThat(sums.get("apples")).isEqualTo(1);
    }
}
