package io.tuli.node;

import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SyncWaitTest {

    private static final Duration SOON = Duration.ofSeconds(3);

    /** What it looks for happened once in thirty. */
    private static final int ATTEMPTS = 60;

    private final TestMeshes meshes = new TestMeshes();
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @AfterEach
    void closeAll() {
        mayEnd.countDown();
        meshes.close();
    }

    @Test
    void whereTheLoopsStandStillItEndsAtTheDeadlineAndSaysSo() {
        Mesh mesh = meshes.server();
        Service<Object> things = synced(mesh.serve("things", Object.class));
        context(mesh).loops().all().forEach(loop -> loop.post(this::standStill));

        long begunNanos = System.nanoTime();
        assertThatThrownBy(() -> things.awaitSync(Duration.ofMillis(200)))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("did not get into sync in time")
                .extracting(late -> ((TuliException) late).failure())
                .isEqualTo(Failure.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isLessThan(SOON);
    }

    /**
     * It missed the change where the feeds' loop had not noted yet that the replica was in sync.
     */
    @Test
    void aFeedThatBeginsAfterwardsHearsOfTheNextChange() {
        Mesh server = meshes.server();
        Mesh client = meshes.client();
        for (int i = 0; i < ATTEMPTS; i++) {
            ServiceConfig<Object> config = ServiceConfig.of("s" + i, Object.class).partitions(1);
            Service<Object> things = server.serve(config);
            Service<Object> replica = synced(client.use(config));
            List<Object> heard = new CopyOnWriteArrayList<>();

            replica.feed().each(change -> heard.add(change.key()));
            things.update("k", i).reply().join();

            await().atMost(SOON).until(() -> heard.size() == 1);
        }
    }

    private void standStill() {
        try {
            if (!mayEnd.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test did not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
