package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Commit;
import io.tuli.Durable;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Receipt;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** D1, D2: a write that is to be on disks is told OK when it is there, whatever the policy. */
@Timeout(60)
class DisksTest {

    private static final Map<String, String> SMALL = Map.of("journal.segment", "2MiB");

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    private Mesh member(String name) {
        return meshes.join(how -> how.data(directory.resolve(name)).settings(SMALL));
    }

    private static Receipt written(Service<Integer> to, Commit commit) {
        Message message = Message.of("update", 7).key("k").commit(commit);
        return to.send(message.within(Duration.ofSeconds(20))).committed().join();
    }

    @Test
    @Tag("D2")
    void whoAsksForDisksWaitsForNoIntervalAndIsToldHowManyThereAre() {
        Mesh first = member("a");
        Mesh second = member("b");
        ServiceConfig<Integer> seldom =
                ServiceConfig.of("seldom", Integer.class)
                        .partitions(4)
                        .durable(Durable.every(Duration.ofHours(1)));
        ServiceConfig<Integer> always =
                ServiceConfig.of("always", Integer.class).partitions(4).durable();
        Service<Integer> late = first.serve(seldom);
        Service<Integer> soon = first.serve(always);
        TestMeshes.synced(second.serve(seldom));
        TestMeshes.synced(second.serve(always));
        TestMeshes.synced(late);
        TestMeshes.synced(soon);
        Service<Integer> other = second.use(ServiceConfig.of("seldom", Integer.class));

        assertThat(written(late, Commit.copies(2)).disks()).as("in an hour").isZero();
        assertThat(written(late, Commit.disks(2)))
                .satisfies(told -> assertThat(told.copies()).isEqualTo(2))
                .satisfies(told -> assertThat(told.disks()).isEqualTo(2));
        assertThat(written(other, Commit.disks(1)).disks()).isPositive();
        assertThat(written(late, Commit.disks(2)).disks()).as("again").isEqualTo(2);
        assertThat(written(soon, Commit.copies(2)).disks()).as("always").isEqualTo(2);
        assertThat(written(soon, Commit.disks(2)).disks()).isEqualTo(2);
        assertThatThrownBy(() -> written(late, Commit.disks(5)))
                .hasMessageContaining("disks are at most 4")
                .hasMessageContaining("disks=5 servers=2");
    }

    @Test
    @Tag("FE-15")
    void disksOfWhatIsInMemoryAreRefusedAtOnce() {
        Service<Integer> memory =
                member("a").serve(ServiceConfig.of("memory", Integer.class).partitions(4));

        assertThatThrownBy(() -> written(memory, Commit.disks(1)))
                .hasMessageContaining("disks can be asked for where a service is durable()")
                .hasMessageContaining("service=memory commit=disks(1)");
        assertThat(written(memory, Commit.safe()).disks()).isZero();
    }
}
