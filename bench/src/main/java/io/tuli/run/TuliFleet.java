package io.tuli.run;

import io.tuli.load.ClientMain;
import io.tuli.load.ServerMain;
import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Starts servers and clients of Tuli, in a mesh nobody else is in. */
public final class TuliFleet {

    private static final long BALANCE_SECONDS_MAX = 60;

    private final Launcher launcher;
    private final Options options;
    private final String mesh;

    public TuliFleet(Options options, Path logs) {
        this(new Launcher(options, logs));
    }

    public TuliFleet(Launcher launcher) {
        this(launcher, "bench-" + UUID.randomUUID());
    }

    private TuliFleet(Launcher launcher, String mesh) {
        this.launcher = launcher;
        this.options = launcher.options();
        this.mesh = mesh;
    }

    /** Starts processes in the same mesh, but with these options. */
    public TuliFleet with(Options other) {
        return new TuliFleet(launcher.with(other), mesh);
    }

    /** All processes, joined and in sync; the client sends what {@code work} names. */
    public Fleet start(String work) {
        List<ChildProcess> servers = new ArrayList<>();
        try {
            for (int i = 0; i < options.number("servers"); i++) {
                servers.add(server("server-" + i));
            }
            servers.forEach(each -> each.answer("join", Fleet.PATIENCE));
            awaitBalance(servers, options);
            ChildProcess client = client("client", words("client").with("work", work));
            return new Fleet(servers, List.of(), client, holder(work));
        } catch (RuntimeException failed) {
            launcher.close();
            throw failed;
        }
    }

    private static Fleet.Holder holder(String work) {
        return work.equals("reply") ? Fleet.Holder.NOBODY : Fleet.Holder.SERVERS;
    }

    /** A server that has been told to join. */
    public ChildProcess server(String name) {
        ChildProcess server = launcher.server(name, ours(ServerMain.class, options));
        server.tell("join", words(name));
        return server;
    }

    /** A client process, joined. */
    public ChildProcess client(String name, Words words) {
        ChildProcess client = launcher.client(name, ours(ClientMain.class, options));
        client.ask("join", words, Fleet.PATIENCE);
        return client;
    }

    /** A JVM with this one's classes. */
    public static List<String> ours(Class<?> main, Options options) {
        String classPath = System.getProperty("java.class.path");
        return ChildProcess.jvm(main.getName(), classPath, options.flags());
    }

    public Words words(String name) {
        return Words.none()
                .with("mesh", mesh)
                .with("name", name)
                .with("size", options.number("size"))
                .with("keys", options.keys())
                .with("window", options.number("window"))
                .with("clients", options.number("clients"))
                .with("services", 1)
                .with("partitions", options.number("partitions"))
                .with("calls", options.text("calls"))
                .with("copies", options.number("copies"))
                .with("link", options.text("link"))
                .with("handler", options.text("handler"))
                .with("replica", options.text("replica"));
    }

    /** Each server owns its share: what is measured before that is the moving of partitions. */
    public static void awaitBalance(List<ChildProcess> servers, Options options) {
        long deadline = System.nanoTime() + BALANCE_SECONDS_MAX * 1_000_000_000L;
        int partitions = options.number("partitions");
        int ideal = partitions / servers.size();
        int near = 1 + ideal / 8;
        for (ChildProcess server : servers) {
            while (true) {
                int owned = server.ask("report", Words.none(), Fleet.PATIENCE).get("owned").asInt();
                if (Math.abs(owned - ideal) <= near) {
                    break;
                }
                if (System.nanoTime() > deadline) {
                    throw new BenchException(
                            "a server owns " + owned + " partitions of " + partitions);
                }
            }
        }
    }
}
