package io.tuli.todos;

import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.ResourceContext;
import io.tuli.Service;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The replicas' processes, as a service of their own: the page's buttons are its methods, and what
 * becomes of a process are its events. Thread-safe.
 */
final class Replicas implements AutoCloseable {

    static final String NAME = "replicas";
    static final String START = "start";
    static final String STOP = "stop";
    static final String KILL = "kill";

    static final String STARTING = "starting";
    static final String RUNNING = "running";
    static final String STOPPING = "stopping";
    static final String STOPPED = "stopped";

    /** There are no others. */
    static final List<String> NAMES = List.of("a", "b");

    private final Mesh mesh;
    private final Path logs;
    private final Set<String> origins;
    private final Map<String, ReplicaProcess> processes = new ConcurrentHashMap<>();
    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final Service<Replica> service;

    /** What is known of one. */
    record Replica(String state, long pid) {}

    /**
     * Serves it; no replica has been started yet.
     *
     * @param logs the directory of what they say
     * @param origins whose pages may use it
     */
    Replicas(Mesh mesh, Path logs, Set<String> origins) {
        this.mesh = mesh;
        this.logs = logs;
        this.origins = Set.copyOf(origins);
        this.service =
                mesh.serve(
                        Resource.documents(NAME, Replica.class)
                                .heardBy((event, told) -> Set.of("everybody"))
                                .before(Resource.ALL, this::checked)
                                .method(START, (message, context) -> start(context))
                                .method(STOP, (message, context) -> stop(context))
                                .method(KILL, (message, context) -> kill(context))
                                .config());
        for (String each : NAMES) {
            Replica none = new Replica(STOPPED, 0);
            service.key(Key.of(each)).send(Message.of(Resource.CREATE, none)).await();
        }
    }

    /** A page of a stranger may not start and stop processes; who is no page says no origin. */
    private Message checked(Message message, ResourceContext<Replica> context) {
        String origin = message.headers().get("origin");
        if (origin != null && !origins.contains(origin)) {
            throw Refusal.forbidden("pages of other origins may not use it");
        }
        return message;
    }

    private static String known(ResourceContext<Replica> context) {
        String name = context.id().orElse("");
        if (!NAMES.contains(name)) {
            throw Refusal.notFound("the replicas are " + NAMES);
        }
        return name;
    }

    // ---- methods, one at a time for each replica -----------------------------------------------

    private Map<String, Object> start(ResourceContext<Replica> context) {
        return start(known(context));
    }

    private Map<String, Object> start(String name) {
        ReplicaProcess before = processes.get(name);
        if (before == null || !before.isAlive()) {
            states.put(name, STARTING);
            processes.put(
                    name,
                    ReplicaProcess.start(
                            mesh.name(),
                            name,
                            logs.resolve("replica-" + name + ".log"),
                            state -> told(name, state)));
            told(name, STARTING);
        }
        return record(name);
    }

    private Map<String, Object> stop(ResourceContext<Replica> context) {
        String name = known(context);
        ReplicaProcess process = processes.get(name);
        if (process != null && process.isAlive()) {
            told(name, STOPPING);
            process.stop();
        }
        return record(name);
    }

    private Map<String, Object> kill(ResourceContext<Replica> context) {
        String name = known(context);
        ReplicaProcess process = processes.get(name);
        if (process != null && process.isAlive()) {
            told(name, STOPPING);
            process.kill();
        }
        return record(name);
    }

    private Map<String, Object> record(String name) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("id", name);
        record.put("state", states.getOrDefault(name, STOPPED));
        record.put("pid", pid(name));
        return record;
    }

    private long pid(String name) {
        ReplicaProcess process = processes.get(name);
        return process == null || !process.isAlive() ? 0 : process.pid();
    }

    /** Everybody who looks is told. */
    private void told(String name, String state) {
        states.put(name, state);
        service.key(Key.of(name))
                .send(Message.of(Resource.UPDATE, new Replica(state, pid(name))))
                .reply()
                .exceptionally(isOver -> null); // the member is leaving
    }

    // ---- for the process that has them ---------------------------------------------------------

    /** Starts all. */
    void startAll() {
        NAMES.forEach(this::start);
    }

    boolean areAllRunning() {
        return NAMES.stream().allMatch(each -> RUNNING.equals(states.get(each)));
    }

    /** Whether one has ended that nobody has asked to. */
    boolean hasFailed() {
        return states.containsValue(STOPPED);
    }

    void killAll() {
        processes.values().forEach(ReplicaProcess::kill);
    }

    @Override
    public void close() {
        processes.values().forEach(ReplicaProcess::close);
    }
}
