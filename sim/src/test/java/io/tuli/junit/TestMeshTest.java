package io.tuli.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TestMeshTest {

    @Test
    void aThreadThatIsLeftBehindIsTold() throws InterruptedException {
        TestMesh mesh = new TestMesh(1, 0);
        CountDownLatch end = new CountDownLatch(1);
        String name = mesh.name() + "-left-behind";
        Thread left = Thread.ofPlatform().name(name).start(() -> awaitEnd(end));

        assertThatThrownBy(() -> mesh.close(Duration.ofMillis(10)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed members leave no thread behind")
                .hasMessageContaining(name);

        end.countDown();
        left.join();
        mesh.close();
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
