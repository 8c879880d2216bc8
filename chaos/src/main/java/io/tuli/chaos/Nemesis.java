package io.tuli.chaos;

import io.tuli.agent.AgentProcess;
import io.tuli.agent.Cluster;
import io.tuli.agent.Deadline;
import io.tuli.wiring.Network;
import io.tuli.workload.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Injects one fault after another, each after the cluster has got over the last one: so that no
 * more copies are ever lost at once than a promise allows for. One thread.
 */
final class Nemesis {

    /** As long as all replicas may take to be equal after the last fault. */
    static final Duration RECOVERY = Duration.ofSeconds(30);

    private static final Duration LEAVING = Duration.ofSeconds(20);
    private static final Duration LAST_FAULT = Duration.ofSeconds(4);
    private static final int SERVERS_MIN = 3;

    /** A pause no failure detection waits for, where the run has the time. */
    private static final Duration LONG_PAUSE = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final Network network;
    private final Set<Fault> faults;
    private final int members;
    private final Random random;
    private final Diary diary;
    private final List<Fault> deck = new ArrayList<>();
    private final List<Injected> injected = new ArrayList<>();
    private final List<Long> merged = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    Nemesis(Cluster cluster, Network network, ChaosOptions options, Diary diary) {
        this.cluster = cluster;
        this.network = network;
        this.faults = options.faults();
        this.members = options.members();
        this.random = new Random(options.seed());
        this.diary = diary;
    }

    /** Injects faults until it is time to stop, or until the cluster does not get over one. */
    void run(Deadline end) {
        Duration pause = Duration.ofMillis(800);
        while (end.leftNanos() > LAST_FAULT.toNanos() && complaints.isEmpty()) {
            rest(pause, end);
            if (end.leftNanos() > LAST_FAULT.toNanos()) {
                draw().ifPresent(fault -> inject(fault, end));
            }
            pause = between(1_000, 3_000);
        }
        rest(Duration.ofNanos(end.leftNanos()), end);
    }

    /** Every kind has its turn, in an order that is drawn anew each time. */
    private Optional<Fault> draw() {
        if (deck.stream().noneMatch(this::isPossible)) {
            deck.clear();
            deck.addAll(faults);
            Collections.shuffle(deck, random);
        }
        Optional<Fault> drawn = deck.stream().filter(this::isPossible).findFirst();
        drawn.ifPresent(deck::remove);
        return drawn;
    }

    private boolean isPossible(Fault fault) {
        int servers = cluster.servers().size();
        return switch (fault) {
            case KILL, LEAVE -> servers > SERVERS_MIN - 1 && servers >= members;
            case JOIN -> cluster.freePlace().isPresent();
            case PAUSE, PARTITION -> servers > 1;
        };
    }

    private void inject(Fault fault, Deadline end) {
        long begun = diary.nowNanos();
        switch (fault) {
            case KILL -> kill();
            case PAUSE -> pause(end);
            case PARTITION -> partition();
            case JOIN -> join();
            case LEAVE -> leave();
        }
        long healed = diary.nowNanos();
        boolean isWhole = Deadline.in(RECOVERY).isMet(cluster::isWhole);
        injected.add(new Injected(fault, begun, diary.nowNanos()));
        if (isWhole) {
            diary.tell(
                    "all in sync after %,d ms".formatted((diary.nowNanos() - healed) / 1_000_000));
        } else {
            complain(
                    "not in sync %d s after the %s: %s"
                            .formatted(RECOVERY.toSeconds(), fault.word(), cluster.health()));
        }
    }

    private void complain(String what) {
        complaints.add(what);
        diary.tell(what);
    }

    // ---- the faults ----------------------------------------------------------------------------

    private void kill() {
        AgentProcess victim = anyServer();
        victim.kill();
        diary.tell("kill -9 " + victim.name());
        rest(between(0, 3_000));
        diary.tell(cluster.startServer(victim.place()).name() + " starts in its place");
    }

    private void pause(Deadline end) {
        AgentProcess victim = anyServer();
        int draw = random.nextInt(8);
        boolean isLong = draw == 0 && end.leftNanos() > LONG_PAUSE.multipliedBy(2).toNanos();
        Duration usual = draw < 3 ? between(7_000, 10_000) : between(1_000, 5_000);
        Duration time = isLong ? LONG_PAUSE : usual;
        diary.tell("stop %s for %,d ms".formatted(victim.name(), time.toMillis()));
        victim.pause(time);
        rest(time);
    }

    private void partition() {
        List<Integer> servers = places(cluster.servers());
        List<Integer> clients = places(cluster.clients());
        Collections.shuffle(servers, random);
        Collections.shuffle(clients, random);
        int smaller = 1 + random.nextInt(Math.max(1, servers.size() / 2));
        Set<Integer> one = new HashSet<>(servers.subList(0, smaller));
        Set<Integer> other = new HashSet<>(servers.subList(smaller, servers.size()));
        one.add(clients.getFirst());
        other.addAll(clients.subList(1, clients.size()));
        Duration time = between(6_000, 12_000);
        diary.tell("split %s | %s for %,d ms".formatted(names(one), names(other), time.toMillis()));
        network.split(List.of(other, one));
        if (faults.contains(Fault.KILL) && servers.size() >= SERVERS_MIN && random.nextBoolean()) {
            rest(time.dividedBy(2));
            long begun = diary.nowNanos();
            kill();
            injected.add(new Injected(Fault.KILL, begun, diary.nowNanos()));
            rest(time.dividedBy(2));
        } else {
            rest(time);
        }
        network.heal();
        long healed = diary.nowNanos();
        diary.tell("healed");
        if (Deadline.in(RECOVERY).isMet(cluster::isMerged)) {
            long now = diary.nowNanos();
            merged.add(now);
            diary.tell("all see all after %,d ms".formatted((now - healed) / 1_000_000));
        }
    }

    private static List<Integer> places(List<AgentProcess> agents) {
        return new ArrayList<>(agents.stream().map(AgentProcess::place).toList());
    }

    private String names(Set<Integer> places) {
        return String.join(
                " ",
                cluster.present().stream()
                        .filter(agent -> places.contains(agent.place()))
                        .map(AgentProcess::name)
                        .toList());
    }

    private void join() {
        cluster.freePlace()
                .ifPresent(place -> diary.tell(cluster.startServer(place).name() + " joins"));
    }

    private void leave() {
        AgentProcess victim = anyServer();
        diary.tell("SIGTERM " + victim.name());
        long begun = diary.nowNanos();
        victim.terminate();
        if (victim.hasEnded(LEAVING)) {
            diary.tell(
                    "%s has left after %,d ms"
                            .formatted(victim.name(), (diary.nowNanos() - begun) / 1_000_000));
        } else {
            complain(victim.name() + " has not left " + LEAVING.toSeconds() + " s after SIGTERM");
            victim.kill();
        }
        if (!faults.contains(Fault.JOIN)) {
            rest(between(0, 1_000));
            diary.tell(cluster.startServer(victim.place()).name() + " comes back in its place");
        }
    }

    private AgentProcess anyServer() {
        List<AgentProcess> servers = cluster.servers();
        return servers.get(random.nextInt(servers.size()));
    }

    private Duration between(int leastMillis, int mostMillis) {
        return Duration.ofMillis(leastMillis + random.nextInt(mostMillis - leastMillis));
    }

    private static void rest(Duration time) {
        rest(time, Deadline.in(time));
    }

    private static void rest(Duration time, Deadline end) {
        Deadline rested = Deadline.in(time);
        while (rested.leftNanos() > 0 && end.leftNanos() > 0) {
            LockSupport.parkNanos(Math.min(rested.leftNanos(), end.leftNanos()));
        }
    }

    // ---- what it did ---------------------------------------------------------------------------

    List<Injected> injected() {
        return injected;
    }

    /** When all members saw all again, after each split. */
    List<Long> merged() {
        return merged;
    }

    /** What went wrong with the cluster. */
    List<String> complaints() {
        return complaints;
    }

    /** How often each fault that was wanted was injected. */
    Map<Fault, Integer> counts() {
        Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
        faults.forEach(fault -> counts.put(fault, 0));
        injected.forEach(each -> counts.merge(each.fault(), 1, Integer::sum));
        return counts;
    }
}
