package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.ServiceConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulation as the users of the test kit hold it. */
class SimClusterTest {

    private final SimCluster cluster =
            new SimCluster(1).everywhere(ServiceConfig.of("sums", Long.class).partitions(4));

    @Test
    void aKeyHasNoOwnerBeforeMembersHaveMetAndAFaultForNobodySaysSo() {
        cluster.servers(2);
        SimMember here = cluster.client();
        SimMember owner = here.<Long>service(sums()).ownerOf("apples");
        Duration second = Duration.ofSeconds(1);

        assertThat(owner).isNull();
        for (ThrowingCallable fault :
                List.<ThrowingCallable>of(
                        () -> cluster.kill(owner),
                        () -> cluster.restart(owner, second),
                        () -> cluster.leave(owner),
                        () -> cluster.pause(owner, second),
                        () -> cluster.reset(here, owner),
                        () -> cluster.cut(owner, here, second),
                        () -> cluster.clog(owner, here, second),
                        () -> cluster.slow(here, owner, 1),
                        () -> cluster.skew(owner, second),
                        () -> cluster.partition(Arrays.asList(here, owner), second))) {
            assertThatThrownBy(fault)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("awaitConvergence first");
        }
        cluster.awaitConvergence(Duration.ofSeconds(30));
        assertThat(here.<Long>service(sums()).ownerOf("apples")).isNotNull();
    }

    @Test
    @Tag("D1")
    void whatIsDurableIsThereWhenAllHaveBeenRestarted() {
        ServiceConfig<Long> kept = ServiceConfig.of("kept", Long.class).partitions(4).durable();
        SimCluster mesh = new SimCluster(1).everywhere(kept);
        mesh.servers(2);
        SimService<Long> here = mesh.client().service(kept);
        mesh.awaitConvergence(Duration.ofSeconds(30));
        here.update("apples", 7L).reply();

        mesh.servers().forEach(server -> mesh.restart(server, Duration.ofSeconds(1)));
        mesh.awaitConvergence(Duration.ofSeconds(60));

        assertThat(here.increment("apples", 1).reply()).isEqualTo(8);
    }

    private static ServiceConfig<Long> sums() {
        return ServiceConfig.of("sums", Long.class).partitions(4);
    }
}
