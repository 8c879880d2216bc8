package io.tuli.demo;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import io.tuli.demo.Scene.MemberRow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the mesh and shows what it sees, on two threads of its own: one asks the members, the
 * other paints, so that a member that does not answer never stops the picture.
 */
final class Watch implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final long ASK_MILLIS = 1000;
    private static final long PAINT_MILLIS = 250;
    private static final long LINE_MILLIS = 1000;

    private final Mesh mesh;
    private final Service<Delays> airports;
    private final List<MemberProcess> members;
    private final Screen screen;
    private final Board board;
    private final long startNanos = System.nanoTime();
    private final List<String> news = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService threads =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().daemon().name("watch-", 0).factory());

    private volatile Map<String, MemberRow> rows = Map.of();
    private volatile @Nullable Loader loader;
    private int acknowledgedBefore;
    private long lookedNanos = startNanos;

    Watch(Mesh mesh, Service<Delays> airports, List<MemberProcess> members, Screen screen) {
        this.mesh = mesh;
        this.airports = airports;
        this.members = members;
        this.screen = screen;
        this.board = new Board(screen.ink(), Sources.airportNames());
    }

    void start(Loader begun) {
        loader = begun;
        threads.scheduleWithFixedDelay(this::ask, 0, ASK_MILLIS, TimeUnit.MILLISECONDS);
        long paintMillis = screen.ink().isTerminal() ? PAINT_MILLIS : LINE_MILLIS;
        threads.scheduleAtFixedRate(this::show, paintMillis, paintMillis, TimeUnit.MILLISECONDS);
    }

    /** Tells what happened. */
    void tell(String what) {
        String line = "%.1f s: %s".formatted(seconds(), what);
        news.add(line);
        if (!screen.ink().isTerminal()) {
            screen.print("* " + line);
        }
    }

    private double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** The members' reports of a service by the member's name. */
    Map<String, ServiceReport> reports(String service, Duration within) {
        Map<String, ServiceReport> byName = new TreeMap<>();
        mesh.reports(service, within).forEach(r -> byName.put(r.member().name(), r));
        return byName;
    }

    private void ask() {
        try {
            Map<String, ServiceReport> flightReports = reports(FlightService.NAME, ANSWER);
            Map<String, ServiceReport> airportReports = reports(AirportService.NAME, ANSWER);
            Map<String, MemberRow> answered = new TreeMap<>(rows);
            answered.replaceAll((name, row) -> row.silent());
            for (MemberProcess member : members) {
                ServiceReport ofFlights = flightReports.get(member.name());
                ServiceReport ofAirports = airportReports.get(member.name());
                if (ofFlights != null && ofAirports != null) {
                    answered.put(member.name(), MemberRow.of(member, ofFlights, ofAirports));
                }
            }
            rows = answered;
        } catch (TuliException e) {
            tell("the members could not be asked: " + e.getMessage());
        }
    }

    private void show() {
        Scene scene = scene();
        if (screen.ink().isTerminal()) {
            screen.paint(board.table(scene));
        } else {
            screen.print(board.line(scene, Math.round(seconds())));
        }
    }

    private Scene scene() {
        Loader load = loader;
        if (load == null) {
            throw new IllegalStateException("a watch shows what its loader does: start it first");
        }
        WriteClock clock = load.clock();
        long now = System.nanoTime();
        int acknowledged = clock.acknowledged();
        long perSecond =
                Math.round((acknowledged - acknowledgedBefore) * 1e9 / (now - lookedNanos));
        acknowledgedBefore = acknowledged;
        lookedNanos = now;
        return new Scene(
                "Tuli carries 20,000 real flights, January to March 2001; mesh " + mesh.name(),
                load.progress(),
                acknowledged,
                perSecond,
                clock.longestGapMillis(),
                members.stream().map(this::row).toList(),
                new TreeMap<>(airports.state()),
                List.copyOf(news));
    }

    private MemberRow row(MemberProcess member) {
        MemberRow row = rows.get(member.name());
        String fate = member.fate();
        return fate.isEmpty() && row != null
                ? row
                : MemberRow.absent(member, fate.isEmpty() ? "starting" : fate);
    }

    /** Stops looking; the last scene stays, with what is true now. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(2 * ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
        }
    }

    /** Shows the whole table a last time. */
    void showLast() {
        ask();
        screen.paint(board.table(scene()));
        screen.keep();
    }
}
