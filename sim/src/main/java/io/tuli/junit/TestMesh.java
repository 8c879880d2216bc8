package io.tuli.junit;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.error.Require;
import io.tuli.node.Tuli;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** The members of one test. Whoever made it closes it, which {@link TuliTest} does. One thread. */
public final class TestMesh implements AutoCloseable {

    private static final Duration SYNC_WITHIN = Duration.ofSeconds(30);
    private static final Duration THREADS_END_WITHIN = Duration.ofSeconds(10);
    private static final long LOOK_EVERY_NANOS = 1_000_000;

    private final String name =
            "test-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final List<Mesh> servers = new ArrayList<>();
    private final List<Mesh> clients = new ArrayList<>();

    /** Joins so many members. */
    public TestMesh(int servers, int clients) {
        Require.argument(servers >= 0, "a test has no less than 0 servers", servers);
        Require.argument(clients >= 0, "a test has no less than 0 clients", clients);
        try {
            for (int i = 0; i < servers; i++) {
                joinServer();
            }
            for (int i = 0; i < clients; i++) {
                joinClient();
            }
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** The mesh's name, by which further members of other processes would find it. */
    public String name() {
        return name;
    }

    /** Those that may own partitions, in the order they joined; also those that were closed. */
    public List<Mesh> servers() {
        return List.copyOf(servers);
    }

    /** Those that own nothing, in the order they joined; also those that were closed. */
    public List<Mesh> clients() {
        return List.copyOf(clients);
    }

    /** Servers, then clients. */
    public List<Mesh> members() {
        List<Mesh> members = new ArrayList<>(servers);
        members.addAll(clients);
        return members;
    }

    /** One more member that may own partitions. To let one leave, close it. */
    public Mesh joinServer() {
        String member = name + "-server-" + (servers.size() + 1);
        Mesh joined = Tuli.mesh(name).name(member).join();
        servers.add(joined);
        return joined;
    }

    /** One more member that owns nothing. */
    public Mesh joinClient() {
        String member = name + "-client-" + (clients.size() + 1);
        Mesh joined = Tuli.mesh(name).name(member).client().join();
        clients.add(joined);
        return joined;
    }

    /**
     * Serves it at every server, uses it at every client, and waits until all are in sync: in the
     * order of {@link #members}.
     */
    public <T> List<Service<T>> everywhere(ServiceConfig<T> config) {
        List<Service<T>> services = new ArrayList<>();
        for (Mesh member : members()) {
            if (!services.isEmpty()) {
                awaitAnnounced(config.name(), member);
            }
            boolean isServer = servers.contains(member);
            services.add(isServer ? member.serve(config) : member.use(config));
        }
        services.forEach(service -> service.awaitSync(SYNC_WITHIN));
        return services;
    }

    /** Servers that begin before they know of one another begin apart, like sides of a split. */
    private static void awaitAnnounced(String service, Mesh member) {
        long end = System.nanoTime() + SYNC_WITHIN.toNanos();
        while (member.service(service).isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    /**
     * Closes all members, the youngest first, and waits until their threads have ended.
     *
     * @throws IllegalStateException when one is still there after ten seconds
     */
    @Override
    public void close() {
        close(THREADS_END_WITHIN);
    }

    void close(Duration threadsEndWithin) {
        clients.reversed().forEach(Mesh::close);
        servers.reversed().forEach(Mesh::close);
        long endNanos = System.nanoTime() + threadsEndWithin.toNanos();
        for (Thread thread : threads()) {
            awaitEnd(thread, endNanos);
        }
        List<Thread> left = threads();
        if (!left.isEmpty()) {
            throw new IllegalStateException("closed members leave no thread behind: " + left);
        }
    }

    /** Members carry the mesh's name, and their threads carry theirs. */
    private List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(name))
                .toList();
    }

    private static void awaitEnd(Thread thread, long endNanos) {
        try {
            thread.join(Duration.ofNanos(Math.max(1, endNanos - System.nanoTime())));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
