package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.command.Exit;
import io.tuli.node.Tuli;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PT-98, PT-99: {@code tuli bridge}, in a process of its own. */
@Tag("slow")
@Tag("PT-98")
class BridgeCommandTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private final String shop = "bridge-shop-" + ProcessHandle.current().pid();
    private final String eu = "bridge-eu-" + ProcessHandle.current().pid();

    private Ran inEu(String... args) {
        return Ran.in(Map.of("TULI_MESH", eu), args);
    }

    @Test
    void servicesAndSubjectsAreHadInAnotherMeshUntilItIsToldToGo() {
        try (Mesh seller = Tuli.join(shop)) {
            Service<Object> orders = seller.serve("orders", Object.class);
            try (Serving bridge =
                    Serving.ready(
                            directory,
                            "bridge",
                            shop,
                            "--mesh",
                            eu,
                            "--export",
                            "orders=shop.orders",
                            "--relay",
                            "orders=shop.news",
                            "--subjects",
                            "eu.>",
                            "--json")) {
                assertThat(bridge.out()).contains("\"names\":[\"shop.orders\",\"shop.news\"]");
                Ran set = inEu("set", "shop.orders", "17", "5");
                assertThat(set.code()).as(set.err()).isZero();
                assertThat(orders.state()).containsEntry("17", 5);
                hears(orders);

                assertThat(bridge.terminate()).isZero();
                assertThat(bridge.err()).contains("leaving: the bridge ends");
            }
        }
    }

    private void hears(Service<Object> orders) {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Mesh listener = Tuli.mesh(eu).client().join()) {
            listener.use("shop.news", Object.class)
                    .events()
                    .each(event -> told.add(event.subject() + " " + event.value()));
            await().atMost(SOON)
                    .until(
                            () -> {
                                orders.publish("us.x", 1);
                                orders.publish("eu.x", 2);
                                return !told.isEmpty();
                            });
            assertThat(told).containsOnly("eu.x 2");
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedAndSaysWhatToDo() {
        Ran nothing = inEu("bridge", shop);
        assertThat(nothing.code()).isEqualTo(Exit.USAGE.code());
        assertThat(nothing.err()).contains("say --export or --relay");
        assertThat(inEu("bridge", shop, "--export", "=x").err())
                .contains("a service and perhaps a name");
        assertThat(inEu("bridge", shop, "--export", "a", "--of-setting", "peers").err())
                .contains("--of-setting is name=value");
    }
}
