package io.tuli.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with members of its own. */
class TuliTestTest {

    private static final ServiceConfig<Long> SUMS =
            ServiceConfig.of("sums", Long.class).partitions(8);

    private String joined = "";

    @BeforeEach
    void membersAreThereBefore(TestMesh mesh) {
        joined = mesh.name();
        assertThat(mesh.servers()).isNotEmpty();
    }

    @AfterEach
    void membersAreThereAfterwards(TestMesh mesh) {
        assertThat(mesh.name()).isEqualTo(joined);
    }

    @TuliTest(servers = 2, clients = 1)
    void whatOneWritesAllRead(TestMesh mesh) {
        Service<Long> sums = mesh.everywhere(SUMS).getLast();

        sums.increment("apples", 3).reply().join();

        assertThat(sums.state()).containsEntry("apples", 3L);
        assertThat(mesh.members()).hasSize(3);
    }

    @TuliTest(servers = 1, clients = 1)
    void membersMayBeParameters(Mesh server, Mesh client) {
        assertThat(server.self().isServer()).isTrue();
        assertThat(client.self().isServer()).isFalse();
        assertThat(server.name()).isEqualTo(client.name()).isEqualTo(joined);
    }

    @TuliTest
    void oneMoreJoinsAndOneLeaves(TestMesh mesh) {
        mesh.everywhere(SUMS).getFirst().increment("apples", 3).reply().join();

        Service<Long> sums = mesh.joinServer().serve(SUMS);
        mesh.servers().getFirst().close();

        assertThat(sums.increment("apples", 1).reply().join()).isEqualTo(4);
    }
}
