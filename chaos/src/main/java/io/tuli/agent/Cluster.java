package io.tuli.agent;

import io.tuli.wiring.Network;
import io.tuli.workload.ChaosException;
import io.tuli.workload.ChaosService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The processes of a run. One thread changes it; any may read it or close it.
 *
 * <p>A server has a place, from 1, and with it an address and an identity that survives restarts;
 * the places behind those of servers are the clients'.
 */
public final class Cluster implements AutoCloseable {

    /** So many more servers than in the beginning there may be. */
    public static final int SPARE_PLACES = 2;

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration REPORT = Duration.ofSeconds(2);
    private static final Duration GOODBYE = Duration.ofSeconds(3);
    private static final int JDK_THAT_WARNS_OF_UNSAFE = 24;
    private static final Pattern START_UP_CACHE =
            Pattern.compile("-XX:(AOTCache|SharedArchiveFile)=.*|-Xlog:(aot|cds)[*]?=off");

    private final String mesh =
            "chaos-%08x".formatted(ThreadLocalRandom.current().nextInt() & 0xffffffffL);
    private final int serverPlaces;
    private final Network network;
    private final Path logs;
    private final boolean isWatching;
    private final List<AgentProcess> servers = new CopyOnWriteArrayList<>();
    private final List<AgentProcess> clients = new CopyOnWriteArrayList<>();
    private final List<AgentProcess> all = new CopyOnWriteArrayList<>();
    private volatile boolean isClosed;

    public Cluster(int members, Network network, Path logs, boolean isWatching) {
        this.serverPlaces = members + SPARE_PLACES;
        this.network = network;
        this.logs = logs;
        this.isWatching = isWatching;
    }

    /** Starts servers and clients, and waits until all are in sync. */
    public void start(int members, int clientCount) {
        for (int place = 1; place <= members; place++) {
            startServer(place);
        }
        for (int i = 1; i <= clientCount; i++) {
            clients.add(start(serverPlaces + i, "client-" + i, Agent.CLIENT));
        }
        boolean isMet = Deadline.in(START).isMet(() -> hasLostOne() || isConverged());
        if (hasLostOne()) {
            throw new ChaosException("all members must start; " + endings());
        }
        if (!isMet) {
            throw new ChaosException(
                    "the members were not all there and in sync after "
                            + START.toSeconds()
                            + " s; their logs are in "
                            + logs);
        }
    }

    private boolean hasLostOne() {
        return present().size() < all.size();
    }

    private String endings() {
        return all.stream()
                .filter(each -> !each.isAlive())
                .map(AgentProcess::ending)
                .collect(Collectors.joining("; "));
    }

    /** Starts a server at a place where none is. */
    public AgentProcess startServer(int place) {
        long before = all.stream().filter(each -> each.place() == place).count();
        String name = "member-" + place + (before == 0 ? "" : "." + (before + 1));
        AgentProcess server = start(place, name, Agent.SERVER);
        servers.add(server);
        return server;
    }

    private AgentProcess start(int place, String name, String role) {
        if (isClosed) {
            throw new ChaosException("the run is over");
        }
        List<String> command = new ArrayList<>(network.prefix(place));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags(role));
        command.addAll(network.options(place));
        command.add("-Dtuli.node.id=" + Integer.toHexString(0xa00 + place));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Agent.class.getName(), mesh, name, role));
        command.add(isWatching ? Agent.WATCHING : "-");
        AgentProcess agent = AgentProcess.start(place, name, command, logs.resolve(name + ".log"));
        all.add(agent);
        return agent;
    }

    /** Small and quick to start, as there are several on one machine; no warnings of the JVM. */
    private static List<String> jvmFlags(String role) {
        List<String> flags = new ArrayList<>();
        flags.add(role.equals(Agent.SERVER) ? "-Xmx160m" : "-Xmx128m");
        flags.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        flags.add("-XX:+ExitOnOutOfMemoryError");
        flags.add("--enable-native-access=ALL-UNNAMED");
        if (Runtime.version().feature() >= JDK_THAT_WARNS_OF_UNSAFE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        flags.add("-Djava.net.preferIPv4Stack=true");
        flags.add("-Dtuli.membership.join.max=60s"); // many begin at once on one machine
        flags.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
        flags.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");
        List<String> own =
                List.of(ProcessHandle.current().info().arguments().orElse(new String[0]));
        own.stream().filter(flag -> START_UP_CACHE.matcher(flag).matches()).forEach(flags::add);
        return flags;
    }

    // ---- who is there --------------------------------------------------------------------------

    /** Those that live. */
    public List<AgentProcess> servers() {
        return servers.stream().filter(AgentProcess::isAlive).toList();
    }

    public List<AgentProcess> clients() {
        return clients;
    }

    /** All that live. */
    public List<AgentProcess> present() {
        return all.stream().filter(AgentProcess::isAlive).toList();
    }

    /** A place for one more server. */
    public Optional<Integer> freePlace() {
        Set<Integer> taken = new HashSet<>(servers().stream().map(AgentProcess::place).toList());
        return IntStream.rangeClosed(1, serverPlaces)
                .boxed()
                .filter(place -> !taken.contains(place))
                .findFirst();
    }

    /** How often any of them told that a merge gave writes up. */
    public int discards() {
        return all.stream().mapToInt(AgentProcess::discards).sum();
    }

    // ---- whether it is well --------------------------------------------------------------------

    /** Whether all servers see all, and each client all servers. */
    public boolean isMerged() {
        List<AgentProcess> present = present();
        int ofClient = present.size() - clients.size() + 1;
        return present.stream()
                .allMatch(
                        agent ->
                                agent.seesMembers()
                                        == (clients.contains(agent) ? ofClient : present.size()));
    }

    /** Whether every partition has one owner and every server all copies. */
    public boolean isWhole() {
        return isWhole(reports(servers()), servers().size());
    }

    /** Whether besides all replicas are equal, those of clients too; true only without writes. */
    public boolean isConverged() {
        List<AgentReport> reports = reports(present());
        return isWhole(reports, present().size())
                && reports.stream().map(AgentReport::digest).distinct().count() == 1;
    }

    private static boolean isWhole(List<AgentReport> reports, int present) {
        return reports.size() == present
                && reports.stream().allMatch(AgentReport::isInSync)
                && reports.stream().mapToLong(AgentReport::owned).sum() == ChaosService.PARTITIONS;
    }

    /** Of all these; none before each is ready. */
    private static List<AgentReport> reports(List<AgentProcess> agents) {
        boolean areReady = agents.stream().allMatch(AgentProcess::isReady);
        return areReady
                ? agents.stream().flatMap(agent -> agent.report(REPORT).stream()).toList()
                : List.of();
    }

    /** How each of them is, in words. */
    public String health() {
        return String.join(
                ", ", present().stream().map(agent -> agent.name() + " " + health(agent)).toList());
    }

    private static String health(AgentProcess agent) {
        return !agent.isReady()
                ? "starts"
                : agent.report(REPORT).map(AgentReport::text).orElse("does not answer");
    }

    /** Ends all processes, kindly at first. */
    @Override
    public void close() {
        isClosed = true;
        all.forEach(AgentProcess::dismiss);
        if (!Deadline.in(GOODBYE).isMet(() -> present().isEmpty())) {
            abandon();
        }
    }

    /** Ends all processes at once. */
    public void abandon() {
        isClosed = true;
        all.forEach(AgentProcess::close);
    }
}
