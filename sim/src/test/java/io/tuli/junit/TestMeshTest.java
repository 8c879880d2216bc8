package io.tuli.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Event;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.bridge.Bridge;
import io.tuli.bridge.Export;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
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

    /** PT-98, PT-99, PT-39: bridges and what is kept, in a test of a user's. */
    @Test
    void twoMeshesOfATestAreBridgedAndNothingIsLeftOfThem() {
        try (TestMesh shop = new TestMesh(2, 0);
                TestMesh eu = new TestMesh(2, 0)) {
            ServiceConfig<Integer> orders = ServiceConfig.of("orders", Integer.class).partitions(8);
            Service<Integer> here = shop.everywhere(orders).getFirst();
            Bridge bridge =
                    Bridge.between(shop.servers().getLast(), eu.servers().getFirst())
                            .export(Export.of("orders").as("shop.orders"))
                            .start();
            Service<Void> there =
                    eu.servers().getLast().use(ServiceConfig.stateless("shop.orders"));

            there.send(Message.of("update", 3).key("17")).await();
            here.retain("open", true);

            assertThat(here.read("17", Integer.class).await()).isEqualTo(3);
            try (Stream<Event> kept = here.events().withLast().stream()) {
                assertThat(kept.findFirst().orElseThrow().isLast()).isTrue();
            }
            bridge.close();
        }
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
