package io.tuli.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.ServiceReport.GroupReport;
import io.tuli.TuliException;
import io.tuli.loop.MemberParts;
import io.tuli.loop.MemberParts.Figures;
import io.tuli.loop.MemberParts.ServiceFigures;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one member in one registry, and the thread that asks the member. Thread-safe. */
final class MemberMeters implements AutoCloseable {

    private static final String SERVICE = "service";
    private static final String OK = "ok";

    private final Mesh mesh;
    private final MemberParts parts;
    private final Meters meters;
    private final Wall wall = new Wall("a look at a member for its metrics");
    private final Map<Called, Timer> calls = new ConcurrentHashMap<>();
    private final Map<MeshEvent.Kind, LongAdder> events = new EnumMap<>(MeshEvent.Kind.class);
    private final AutoCloseable heard;
    private final AutoCloseable told;
    private volatile Sample sample = Sample.NONE;
    private volatile boolean isClosed;
    private @Nullable Thread looking;

    /** Those that have meters. On the thread that looks. */
    private Set<Group> groups = Set.of();

    /** A group of readers of a service. */
    private record Group(String service, String name) {

        Tags tags() {
            return Tags.of(SERVICE, service, "group", name);
        }
    }

    /** Of which service, and how it has ended. */
    private record Called(String service, String outcome) {}

    /**
     * What the member was at one time.
     *
     * @param services by name
     */
    private record Sample(
            long atNanos,
            Figures figures,
            Map<String, ServiceFigures> services,
            Map<LinkStatus, Long> links,
            long servers,
            long clients) {

        static final Sample NONE =
                new Sample(
                        System.nanoTime(),
                        new Figures(0, 0, 0, 0, List.of()),
                        Map.of(),
                        Map.of(),
                        0,
                        0);
    }

    MemberMeters(Mesh mesh, MeterRegistry registry) {
        this.mesh = mesh;
        this.parts = (MemberParts) mesh;
        this.meters = new Meters(registry);
        for (MeshEvent.Kind kind : MeshEvent.Kind.values()) {
            events.put(kind, new LongAdder());
        }
        ofMember();
        ofEvents();
        this.heard = parts.onCalls(this::ended);
        this.told = mesh.events(this::happened);
    }

    private void ofMember() {
        one(
                "tuli.calls.inflight",
                "Calls of this member that have not ended",
                f -> f.callsInFlight());
        one(
                "tuli.requests.waiting",
                "Bytes of requests that wait on this member",
                f -> f.waitingBytes());
        one(
                "tuli.links.waiting",
                "Bytes that wait to be written to other members",
                f -> f.linkBytes());
        one("tuli.loops.tasks", "Tasks that wait on the event loops", f -> f.loopTasks());
        meters.gauge(
                "tuli.loops.heldup",
                "Event loops that do not get on",
                Tags.empty(),
                () ->
                        Math.max(
                                0,
                                count(MeshEvent.Kind.LOOP_HELD_UP)
                                        - count(MeshEvent.Kind.LOOP_RECOVERED)));
        meters.gauge(
                "tuli.members",
                "Members of the mesh, as far as this one knows",
                Tags.of("role", "server"),
                () -> sample.servers());
        meters.gauge(
                "tuli.members",
                "Members of the mesh, as far as this one knows",
                Tags.of("role", "client"),
                () -> sample.clients());
        for (LinkStatus status : LinkStatus.values()) {
            meters.gauge(
                    "tuli.links",
                    "Links of this member to others",
                    Tags.of("status", text(status)),
                    () -> sample.links().getOrDefault(status, 0L));
        }
        meters.gauge(
                "tuli.sample.age",
                "Seconds since the member was asked last",
                Tags.empty(),
                () -> (System.nanoTime() - sample.atNanos()) / 1e9);
    }

    private void one(String name, String description, ToLongFunction<Figures> value) {
        meters.gauge(name, description, Tags.empty(), () -> value.applyAsLong(sample.figures()));
    }

    private void ofEvents() {
        events.forEach(
                (kind, count) ->
                        meters.counter(
                                "tuli.events",
                                "What an operator may want to know, by its kind",
                                Tags.of("kind", text(kind)),
                                count,
                                LongAdder::sum));
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private long count(MeshEvent.Kind kind) {
        LongAdder count = events.get(kind);
        return count == null ? 0 : count.sum();
    }

    // ---- what is told --------------------------------------------------------------------------

    private void happened(MeshEvent event) {
        LongAdder count = events.get(event.kind());
        if (count != null) {
            count.increment();
        }
    }

    private void ended(String service, long nanos, @Nullable TuliException failed) {
        if (isClosed) {
            return;
        }
        Called called = new Called(service, failed == null ? OK : text(failed.failure()));
        calls.computeIfAbsent(called, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Called called) {
        return meters.timer(
                "tuli.calls",
                "Calls of this member, until they have ended",
                Tags.of(SERVICE, called.service(), "outcome", called.outcome()));
    }

    // ---- what is asked for ---------------------------------------------------------------------

    void start(Duration every) {
        looking = Thread.ofVirtual().name("tuli-metrics").start(() -> run(every));
    }

    private void run(Duration every) {
        try {
            while (!isClosed) {
                wall.run(this::look);
                TimeUnit.NANOSECONDS.sleep(every.toNanos());
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        Figures figures = parts.figures();
        Map<String, ServiceFigures> services = new ConcurrentHashMap<>();
        figures.services().forEach(each -> services.put(each.service(), each));
        Map<LinkStatus, Long> links = new EnumMap<>(LinkStatus.class);
        mesh.links().values().forEach(status -> links.merge(status, 1L, Long::sum));
        List<Member> members = mesh.members();
        long servers = members.stream().filter(Member::isServer).count();
        Set<String> before = sample.services().keySet();
        sample =
                new Sample(
                        System.nanoTime(),
                        figures,
                        services,
                        links,
                        servers,
                        members.size() - servers);
        if (isClosed) {
            return;
        }
        Set<String> gone = new HashSet<>(before);
        gone.removeAll(services.keySet());
        gone.forEach(this::forget);
        services.keySet().stream().filter(each -> !before.contains(each)).forEach(this::ofService);
        lookAtGroups(services);
    }

    private void lookAtGroups(Map<String, ServiceFigures> services) {
        Set<Group> there = new HashSet<>();
        services.values()
                .forEach(
                        each ->
                                each.groups()
                                        .forEach(
                                                group ->
                                                        there.add(
                                                                new Group(
                                                                        each.service(),
                                                                        group.name()))));
        for (Group gone : groups) {
            if (!there.contains(gone)) {
                meters.remove(gone.tags());
            }
        }
        there.stream().filter(each -> !groups.contains(each)).forEach(this::ofGroup);
        groups = Set.copyOf(there);
    }

    private void ofGroup(Group group) {
        of(group, "tuli.group.lag", "Entries that a group has yet to consume", g -> g.lag());
        of(group, "tuli.group.read", "Partitions that somebody reads for it", g -> g.readers());
        of(
                group,
                "tuli.group.unacknowledged",
                "Entries delivered and not acknowledged",
                g -> g.unacknowledged());
        of(group, "tuli.group.rejected", "Changes that it keeps as rejected", g -> g.rejected());
    }

    private void of(
            Group group, String name, String description, ToLongFunction<GroupReport> value) {
        meters.gauge(name, description, group.tags(), () -> value(group, value));
    }

    private Number value(Group group, ToLongFunction<GroupReport> value) {
        ServiceFigures figures = sample.services().get(group.service());
        if (figures != null) {
            for (GroupReport each : figures.groups()) {
                if (each.name().equals(group.name())) {
                    return value.applyAsLong(each);
                }
            }
        }
        return Double.NaN;
    }

    private void forget(String service) {
        calls.keySet().removeIf(called -> called.service().equals(service));
        meters.remove(Tags.of(SERVICE, service));
    }

    private void ofService(String name) {
        Tags tags = Tags.of(SERVICE, name);
        of(name, tags, "tuli.service.owned", "Partitions that this member owns", s -> s.owned());
        of(name, tags, "tuli.service.replicas", "Partitions that it follows", s -> s.replicas());
        of(name, tags, "tuli.service.unsynced", "Of both, not in sync", s -> s.unsynced());
        of(name, tags, "tuli.service.committed", "Entries in its changelogs", s -> s.committed());
        of(name, tags, "tuli.service.lag", "Committed entries it has not applied", s -> s.lag());
        of(name, tags, "tuli.service.keys", "Top-level keys", s -> s.keys());
        of(
                name,
                tags,
                "tuli.service.discarded",
                "Writes given up after splits",
                s -> s.discarded());
        of(name, tags, "tuli.service.handlers", "Handlers that run", s -> s.handlers());
        of(name, tags, "tuli.service.asked", "Messages that wait for a handler", s -> s.asked());
    }

    private void of(
            String service,
            Tags tags,
            String name,
            String description,
            ToLongFunction<ServiceFigures> value) {
        meters.gauge(name, description, tags, () -> value(service, value));
    }

    private Number value(String service, ToLongFunction<ServiceFigures> value) {
        ServiceFigures figures = sample.services().get(service);
        return figures == null ? Double.NaN : (Number) value.applyAsLong(figures);
    }

    @Override
    public void close() {
        isClosed = true;
        Thread thread = looking;
        if (thread != null) {
            thread.interrupt();
        }
        try {
            heard.close();
            told.close();
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
        meters.close();
    }
}
