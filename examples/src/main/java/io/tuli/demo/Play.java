package io.tuli.demo;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceReport;
import io.tuli.ServiceReport.PartitionReport;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One run, act by act. One thread; {@link #close} ends whatever the run has started, also when it
 * is interrupted.
 */
final class Play implements AutoCloseable {

    /** A JVM takes its time: the fourth is started early, and joins half-way. */
    private static final double START_AT = 0.3;

    private static final double JOIN_AT = 0.5;

    /** The other goes while flights are still sent, even if the fourth is not in sync by then. */
    private static final double GO_AT = 0.7;

    private static final Duration STREAM_GRACE = Duration.ofSeconds(90);
    private static final Duration REPORT = Duration.ofSeconds(2);

    private final DemoOptions options;
    private final Path logs;
    private final Screen screen;
    private int restarts;
    private final String meshName =
            "demo-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
    private final List<MemberProcess> members = new CopyOnWriteArrayList<>();
    private final Thread atExit = new Thread(this::abandon, "demo-at-exit");

    Play(DemoOptions options, Path logs, Screen screen) {
        this.options = options;
        this.logs = logs;
        this.screen = screen;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Reports of all members are for operators. */
    private Mesh loader() {
        return Tuli.mesh(meshName)
                .name("loader")
                .client()
                .settings(Map.of("role", "operator"))
                .join();
    }

    /** Plays all acts and answers how it went. */
    Score run() {
        screen.print("Starting %d member processes and a loader…".formatted(options.members()));
        for (int i = 0; i < options.members(); i++) {
            startMember().join();
        }
        List<Flight> file = Sources.flights();
        try (Mesh mesh = loader()) {
            Service<Route> flights = mesh.use(FlightService.config());
            Service<Delays> airports = mesh.use(AirportService.config());
            Deadline ready = Deadline.inSeconds(60);
            members.forEach(member -> member.awaitReady(ready));
            flights.awaitSync(Duration.ofNanos(Math.max(1, ready.leftNanos())));
            airports.awaitSync(Duration.ofNanos(Math.max(1, ready.leftNanos())));
            try (Watch watch = new Watch(mesh, airports, members, screen)) {
                return stream(file, flights, airports, watch);
            }
        }
    }

    private MemberProcess startMember() {
        String name = "member-" + (members.size() + 1);
        MemberProcess member = MemberProcess.start(meshName, name, logs, options.durable());
        members.add(member);
        return member;
    }

    private Score stream(
            List<Flight> file, Service<Route> flights, Service<Delays> airports, Watch watch) {
        Duration within = STREAM_GRACE.plusSeconds(file.size() / options.rate());
        Deadline deadline = Deadline.in(within);
        Loader loader = new Loader(flights, file, options.rate(), deadline);
        Thread sender = Thread.ofPlatform().daemon().name("loader").start(loader);
        try {
            watch.start(loader);
            if (options.durable()) {
                killAll(loader, watch);
            } else {
                changeMembers(loader, watch);
            }
            deadline.await(
                    "every flight is acknowledged or given up",
                    loader::isDone,
                    () -> loader.clock().acknowledged() + " are acknowledged; " + stuck(watch));
            watch.tell("all flights sent; waiting until every member is in sync");
            settle(file, airports, watch);
        } finally {
            loader.stop();
            sender.interrupt();
        }
        watch.close();
        watch.showLast();
        Score score = score(file, loader, ReplicaView.of("loader", flights, airports), watch);
        sayScore(score, loader);
        return score;
    }

    /** Half-way one more member joins and another goes. */
    private void changeMembers(Loader loader, Watch watch) {
        Deadline half = Deadline.in(STREAM_GRACE);
        half.await(
                "a third of the flights is sent",
                () -> loader.progress() >= START_AT,
                loader::progress);
        MemberProcess joining = startMember();
        half.await(
                "half of the flights are sent",
                () -> loader.progress() >= JOIN_AT,
                loader::progress);
        long begunNanos = System.nanoTime();
        joining.join();
        watch.tell("half-way, and " + joining.name() + " joins");
        half.await(
                joining.name() + " is in sync, or little is left to send",
                () -> joining.isReady() || loader.progress() >= GO_AT,
                loader::progress);
        if (joining.isReady()) {
            watch.tell("%s is in sync, after %.1f s".formatted(joining.name(), since(begunNanos)));
        }
        letGo(members.getFirst(), watch);
        joining.awaitReady(Deadline.inSeconds(60));
    }

    /**
     * Half-way nobody is left; then the same directories have members again, the last one first.
     */
    private void killAll(Loader loader, Watch watch) {
        Deadline half = Deadline.in(STREAM_GRACE);
        half.await(
                "half of the flights are sent",
                () -> loader.progress() >= JOIN_AT,
                loader::progress);
        int before = loader.clock().acknowledged();
        members.forEach(MemberProcess::kill);
        members.forEach(member -> member.awaitEnd(Deadline.inSeconds(10)));
        watch.tell("all members were killed with -9 at once, after %d flights".formatted(before));
        long begunNanos = System.nanoTime();
        for (int i = members.size() - 1; i >= 0; i--) {
            String name = members.get(i).name();
            MemberProcess again = MemberProcess.start(meshName, name, logs, true);
            members.set(i, again);
            again.join();
        }
        restarts++;
        Deadline ready = Deadline.inSeconds(60);
        members.reversed().forEach(member -> member.awaitReady(ready));
        watch.tell("all are back with what they had, after %.1f s".formatted(since(begunNanos)));
    }

    private void letGo(MemberProcess going, Watch watch) {
        long begunNanos = System.nanoTime();
        if (options.kill()) {
            going.kill();
            going.awaitEnd(Deadline.inSeconds(10));
            watch.tell(going.name() + " was killed with -9");
        } else {
            going.terminate();
            going.awaitEnd(Deadline.inSeconds(20));
            watch.tell("%s left within %.1f s".formatted(going.name(), since(begunNanos)));
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /** Waits until all members hold the same, and as many flights are folded as were sent. */
    private void settle(List<Flight> file, Service<Delays> airports, Watch watch) {
        Deadline deadline = Deadline.inSeconds(20);
        boolean isFolded =
                deadline.isMet(() -> folded(airports) >= file.size())
                        && deadline.isMet(() -> areEqual(FlightService.NAME, watch))
                        && deadline.isMet(() -> areEqual(AirportService.NAME, watch));
        if (!isFolded) {
            watch.tell(
                    "not in sync after %d s: %d of %d flights folded"
                            .formatted(
                                    deadline.within().toSeconds(), folded(airports), file.size()));
            logUnsettled(watch);
        }
    }

    /** What is still under way, and where: into a file beside the members' logs. */
    private void logUnsettled(Watch watch) {
        List<String> lines = new ArrayList<>();
        for (String service : List.of(FlightService.NAME, AirportService.NAME)) {
            for (ServiceReport report : watch.reports(service, REPORT).values()) {
                for (PartitionReport partition : report.partitions()) {
                    boolean isSettled =
                            partition.end().offset() == partition.committedEnd()
                                    && !partition.role().equals("taking-over");
                    if (!isSettled) {
                        lines.add(service + " on " + report.member().name() + ": " + partition);
                    }
                }
            }
        }
        try {
            Files.write(logs.resolve("unsettled.log"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int folded(Service<Delays> airports) {
        return airports.state().values().stream().mapToInt(Delays::flights).sum();
    }

    private boolean areEqual(String service, Watch watch) {
        Map<String, ServiceReport> reports = watch.reports(service, REPORT);
        long digests = reports.values().stream().map(ServiceReport::digest).distinct().count();
        boolean isInSync =
                reports.values().stream().allMatch(r -> r.lag() == 0 && r.state().equals("ready"));
        return digests == 1 && isInSync && reports.size() == present().size() + 1;
    }

    private String stuck(Watch watch) {
        return "members report " + watch.reports(FlightService.NAME, REPORT).keySet();
    }

    private List<MemberProcess> present() {
        return members.stream().filter(MemberProcess::isAlive).toList();
    }

    private Score score(List<Flight> file, Loader loader, ReplicaView own, Watch watch) {
        List<ReplicaView> views = new ArrayList<>(List.of(own));
        Deadline deadline = Deadline.inSeconds(20);
        present().forEach(member -> views.add(member.view(deadline)));
        Map<String, Map<String, Long>> digests = new TreeMap<>();
        for (String service : List.of(FlightService.NAME, AirportService.NAME)) {
            Map<String, Long> ofService = new TreeMap<>();
            watch.reports(service, REPORT).forEach((name, r) -> ofService.put(name, r.digest()));
            digests.put(service, ofService);
        }
        Audit audit = Audit.of(file, loader.acknowledged(), views, digests);
        int acknowledged = loader.clock().acknowledged();
        return new Score(
                present().size(), restarts, file.size(), acknowledged, loader.pace(), audit);
    }

    private void sayScore(Score score, Loader loader) {
        screen.print("");
        score.lines(screen.ink()).forEach(screen::print);
        if (loader.trouble() != null) {
            screen.print("  " + screen.ink().bad("first failure: " + loader.trouble()));
        }
    }

    @Override
    public void close() {
        screen.keep();
        members.forEach(MemberProcess::close);
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    /** The process is asked to end in the middle of a run: none of its children stays. */
    private void abandon() {
        screen.keep();
        members.forEach(MemberProcess::kill);
    }
}
