package io.tuli.node;

import io.netty.util.ResourceLeakDetector;
import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.membership.FakeMesh;
import io.tuli.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;

/**
 * Real members of one mesh nobody else is in, on loopback, with one, two and three loops in turn;
 * closes all of them.
 */
final class TestMeshes implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(20);

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final String name = "test-" + UUID.randomUUID();
    private final AtomicInteger joined = new AtomicInteger();
    private final List<Mesh> all = new ArrayList<>();

    /** Leaks are looked for in a sample: to note the origin of every byte takes all the time. */
    TestMeshes() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.ADVANCED);
    }

    /** A server. */
    Mesh server() {
        return join(Function.identity());
    }

    Mesh client() {
        return join(MeshBuilder::client);
    }

    Mesh join(Function<MeshBuilder, MeshBuilder> how) {
        MeshBuilder builder = Tuli.mesh(name).loops(1 + joined.getAndIncrement() % 3);
        return kept(how.apply(builder).join());
    }

    /**
     * A member that hears of the others through a control channel without sockets, which can hold
     * up what they announce.
     */
    Mesh join(FakeMesh control, Member.Role role, Duration confirm) {
        return join(control, role, Map.of("membership.confirm", confirm.toMillis() + "ms"));
    }

    Mesh join(FakeMesh control, Member.Role role, Map<String, String> others) {
        Map<String, String> all = new HashMap<>(others);
        all.put("mesh", name);
        Settings settings = Settings.load(all);
        MemberSetting setting = new MemberSetting(settings, role, settings.limits());
        return kept(
                new Joining(
                                setting,
                                (self, listener) ->
                                        control.membership(self, setting.timings(), listener))
                        .join());
    }

    private Mesh kept(Mesh mesh) {
        synchronized (all) {
            all.add(mesh);
        }
        return mesh;
    }

    /** So many at once, each by a thread of its own. */
    <T> List<T> atOnce(int count, IntFunction<T> each) {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<T>> begun = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                begun.add(threads.submit(() -> each.apply(index)));
            }
            List<T> done = new ArrayList<>();
            for (Future<T> future : begun) {
                done.add(future.get(120, TimeUnit.SECONDS));
            }
            return done;
        } catch (InterruptedException | ExecutionException | TimeoutException failed) {
            throw new AssertionError(failed);
        }
    }

    /** The service once its replica is in sync. */
    static <T> Service<T> synced(Service<T> service) {
        service.awaitSync(SOON);
        return service;
    }

    /** Once so many servers, which answer differently, have each answered a call to any of them. */
    static Service<Void> answeredBy(int servers, Service<Void> service) {
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        Awaitility.await()
                .atMost(SOON)
                .until(
                        () -> {
                            seen.add(service.any().send(Message.of("GO")).reply().join());
                            return seen.size() == servers;
                        });
        return service;
    }

    /** What the member uses, once it sees so many servers of it and has a link to each. */
    static Service<Void> servedBy(int servers, Mesh by, ServiceConfig<Void> config) {
        Service<Void> used = by.use(config);
        Awaitility.await().atMost(SOON).until(() -> linkedTo(by, config.name()) == servers);
        return used;
    }

    private static long linkedTo(Mesh by, String service) {
        return by.service(service).stream()
                .flatMap(described -> described.servers().stream())
                .filter(server -> by.links().get(server) == LinkStatus.CONNECTED)
                .count();
    }

    static NodeContext context(Mesh mesh) {
        return ((MeshNode) mesh).context();
    }

    String name() {
        return name;
    }

    List<Mesh> all() {
        return List.copyOf(all);
    }

    @Override
    public void close() {
        List<Mesh> meshes = all();
        if (!meshes.isEmpty()) {
            atOnce(
                    meshes.size(),
                    index -> {
                        meshes.get(index).close(Duration.ZERO);
                        return index;
                    });
        }
        ResourceLeakDetector.setLevel(level);
    }
}
