package io.tuli.node;

import static io.tuli.node.TestMeshes.organs;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SyncWaitTest {

    private static final Duration SOON = Duration.ofSeconds(3);

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
        organs(mesh).loops().all().forEach(loop -> loop.post(this::standStill));

        long begunNanos = System.nanoTime();
        assertThatThrownBy(() -> things.awaitSync(Duration.ofMillis(200)))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("did not get into sync in time")
                .extracting(late -> ((TuliException) late).failure())
                .isEqualTo(Failure.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isLessThan(SOON);
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
