package io.tuli.connect;

import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.node.Tuli;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** The members of one test, and what they have. */
final class Members implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(30);

    final List<MeshEvent.Kind> told = new CopyOnWriteArrayList<>();
    private final String name = "connect-" + UUID.randomUUID();
    private final List<Mesh> all = new ArrayList<>();

    Mesh join() {
        return told(Tuli.mesh(name).join());
    }

    /** With a directory of its own. */
    Mesh join(Path data) {
        return told(Tuli.mesh(name).data(data).join());
    }

    Mesh joinClient() {
        return told(Tuli.mesh(name).client().join());
    }

    private Mesh told(Mesh mesh) {
        AutoCloseable unused = mesh.events(event -> told.add(event.kind()));
        all.add(mesh);
        return mesh;
    }

    /** With what a test can wait for. */
    static Connector<Object> orders() {
        return Connector.of(ServiceConfig.of("orders", Object.class).partitions(16))
                .foundAfter(Duration.ZERO)
                .every(Duration.ofMillis(5))
                .backOff(Duration.ofMillis(5), Duration.ofMillis(50))
                .within(SOON);
    }

    static void write(Service<Object> service, int from, int to, String value) {
        List<io.tuli.Call<Void>> calls = new ArrayList<>();
        for (int i = from; i < to; i++) {
            calls.add(service.update("k" + i, Map.of("value", value)));
        }
        calls.forEach(io.tuli.Call::await);
    }

    /** What is to be in the store. */
    static Map<String, String> state(Service<Object> service) {
        Map<String, String> state = new TreeMap<>();
        service.state().forEach((key, value) -> state.put(key, text(value)));
        return state;
    }

    static String text(Object value) {
        return value instanceof Map<?, ?> fields
                ? "{\"value\":\"" + fields.get("value") + "\"}"
                : String.valueOf(value);
    }

    static void eventually(BooleanSupplier condition) {
        Awaitility.await()
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(10))
                .until(condition::getAsBoolean);
    }

    @Override
    public void close() {
        all.reversed().forEach(Mesh::close);
    }
}
