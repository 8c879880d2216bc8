package io.tuli.chaos;

import io.tuli.Outcome;
import io.tuli.agent.AgentProcess;
import io.tuli.agent.Cluster;
import io.tuli.agent.Deadline;
import io.tuli.check.Verdict;
import io.tuli.check.WatchCheck.Seen;
import io.tuli.wiring.Loopback;
import io.tuli.wiring.Namespaces;
import io.tuli.wiring.Network;
import io.tuli.wiring.Proxies;
import io.tuli.workload.ChaosRequest;
import io.tuli.workload.Evidence;
import io.tuli.workload.Fault;
import io.tuli.workload.Operation;
import io.tuli.workload.WatchWorkload;
import io.tuli.workload.Workload;
import io.tuli.workload.Workloads;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One run, from the first process to the verdict. One thread; {@link #close} by any, which leaves
 * neither process nor network behind, also when the run is interrupted.
 */
final class Campaign implements AutoCloseable {

    private static final int CLIENTS = 2;
    private static final Duration READ = Duration.ofSeconds(20);
    private static final long PROGRESS_SECONDS = 5;

    /** Later than that after its deadline no call may end; the machine may be busy. */
    private static final long LATE_MILLIS = ChaosRequest.WITHIN.toMillis() + 1_000;

    private final ChaosOptions options;
    private final History history;
    private final Diary diary;
    private final Network network;
    private final Cluster cluster;
    private final Workload workload;
    private final Thread atExit = new Thread(this::abandon, "chaos-at-exit");

    Campaign(ChaosOptions options, History history, Diary diary) {
        this.options = options;
        this.history = history;
        this.diary = diary;
        this.workload = Workloads.named(options.workload());
        this.network = network(options);
        this.cluster =
                new Cluster(
                        options.members(),
                        network,
                        history.directory(),
                        workload instanceof WatchWorkload);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    private static Network network(ChaosOptions options) {
        int peers = options.members() + Cluster.SPARE_PLACES;
        int places = peers + CLIENTS;
        boolean mustSplit = options.faults().contains(Fault.PARTITION);
        return switch (options.network()) {
            case NAMESPACES -> Namespaces.make(places, peers);
            case PROXIES -> Proxies.make(places, peers);
            case AUTO ->
                    !mustSplit
                            ? new Loopback()
                            : Namespaces.isPossible()
                                    ? Namespaces.make(places, peers)
                                    : Proxies.make(places, peers);
        };
    }

    /** Runs, and answers how it went. */
    Score run() {
        diary.say(
                "Chaos: %s for %d s on %d members and %d clients; faults %s; seed %d"
                        .formatted(
                                options.workload(),
                                options.seconds(),
                                options.members(),
                                CLIENTS,
                                words(options.faults()),
                                options.seed()));
        diary.say("Network: " + network.description());
        diary.say("History: " + history.file());
        cluster.start(options.members(), CLIENTS);
        diary.tell("all in sync; %d writers begin".formatted(Writers.COUNT));
        List<AgentProcess> watchers = cluster.present();
        Nemesis nemesis = new Nemesis(cluster, network, options, diary);
        Writers writers = new Writers(workload, history, options.rate());
        try (ScheduledExecutorService progress = progress()) {
            writers.start(cluster, options.seed());
            nemesis.run(Deadline.inSeconds(options.seconds()));
            writers.stop();
            progress.shutdownNow();
        }
        diary.tell("writers have ended: " + counts());
        boolean isConverged = Deadline.in(Nemesis.RECOVERY).isMet(cluster::isConverged);
        diary.tell(isConverged ? "all replicas are equal" : "replicas differ");
        return score(nemesis, watchers, isConverged);
    }

    private static String words(Set<Fault> faults) {
        return faults.isEmpty()
                ? "none"
                : faults.stream().map(Fault::word).collect(Collectors.joining(", "));
    }

    private ScheduledExecutorService progress() {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("progress").factory());
        timer.scheduleAtFixedRate(
                () -> diary.tell(counts()), PROGRESS_SECONDS, PROGRESS_SECONDS, TimeUnit.SECONDS);
        return timer;
    }

    private String counts() {
        return "%,d ok, %,d failed, %,d unknown"
                .formatted(
                        history.count(Outcome.OK),
                        history.count(Outcome.FAILED),
                        history.count(Outcome.UNKNOWN));
    }

    // ---- judging -------------------------------------------------------------------------------

    private Score score(Nemesis nemesis, List<AgentProcess> watchers, boolean isConverged) {
        List<Operation> operations = history.operations();
        Map<String, Map<String, String>> reads = reads();
        Set<Fault> happened = EnumSet.noneOf(Fault.class);
        nemesis.injected().forEach(each -> happened.add(each.fault()));
        Evidence evidence = new Evidence(operations, reads, watched(watchers), happened);
        evidence.watchers().forEach(this::record);
        Verdict verdict = workload.judge(evidence).and(conduct(nemesis, isConverged, reads));
        if (isFlawless(happened)) {
            verdict = verdict.and(flawless(operations));
        }
        for (String example : verdict.examples()) {
            history.note("violation", example);
        }
        return new Score(
                options.workload(),
                workload.claim(happened),
                outcomes(),
                verdict,
                cluster.discards(),
                nemesis.counts(),
                unavailable(operations, nemesis));
    }

    /** What every replica holds; all of them, or it is a violation. */
    private Map<String, Map<String, String>> reads() {
        Map<String, Map<String, String>> reads = new TreeMap<>();
        for (AgentProcess agent : cluster.present()) {
            agent.dump(READ).ifPresent(values -> reads.put(agent.name(), values));
        }
        reads.forEach((reader, values) -> history.note("read", reader + " " + values.size()));
        return reads;
    }

    private Verdict conduct(
            Nemesis nemesis, boolean isConverged, Map<String, Map<String, String>> reads) {
        Verdict verdict = Verdict.GOOD;
        for (String complaint : nemesis.complaints()) {
            verdict = verdict.and(Verdict.violated(complaint));
        }
        if (!isConverged) {
            verdict = verdict.and(Verdict.violated("replicas differ: " + cluster.health()));
        } else if (reads.values().stream().distinct().count() > 1) {
            verdict = verdict.and(Verdict.violated("equal digests, but unequal documents"));
        }
        for (Operation each : history.operations()) {
            if (each.answer().tookMillis() > LATE_MILLIS) {
                verdict = verdict.and(Verdict.violated("ended after its deadline: " + each));
            }
        }
        return verdict;
    }

    /** Where members only come and go as they should, no call fails. */
    private boolean isFlawless(Set<Fault> happened) {
        return EnumSet.of(Fault.JOIN, Fault.LEAVE).containsAll(happened);
    }

    private static Verdict flawless(List<Operation> operations) {
        return operations.stream()
                .filter(each -> !each.span().isOk())
                .map(each -> Verdict.violated("a call did not end OK: " + each))
                .reduce(Verdict.GOOD, Verdict::and);
    }

    /** Those that were there from the beginning to the end, and never stopped. */
    private static Map<String, List<Seen>> watched(List<AgentProcess> watchers) {
        Map<String, List<Seen>> seen = new TreeMap<>();
        watchers.stream()
                .filter(each -> each.isAlive() && !each.hasLeft())
                .forEach(each -> seen.put(each.name(), each.seen()));
        return seen;
    }

    private void record(String watcher, List<Seen> seen) {
        seen.forEach(each -> history.note("seen", watcher + " " + each));
    }

    private Map<Outcome, Long> outcomes() {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, history.count(outcome));
        }
        return outcomes;
    }

    private Map<String, Long> unavailable(List<Operation> operations, Nemesis nemesis) {
        Availability availability = new Availability(operations);
        Map<String, Long> longest = new LinkedHashMap<>();
        longest.put(Score.OVERALL, availability.longestMillis());
        for (Fault fault : Fault.values()) {
            List<Injected> ofFault =
                    nemesis.injected().stream().filter(each -> each.fault() == fault).toList();
            if (!ofFault.isEmpty()) {
                longest.put(fault.word(), availability.longestMillis(ofFault));
            }
        }
        if (!nemesis.merged().isEmpty()) {
            longest.put(Score.MERGED, afterMerges(availability, nemesis));
        }
        return longest;
    }

    /** From the moment on at which all see all, until the next fault. */
    private static long afterMerges(Availability availability, Nemesis nemesis) {
        long longest = 0;
        for (long merged : nemesis.merged()) {
            long until =
                    nemesis.injected().stream()
                            .mapToLong(Injected::begunNanos)
                            .filter(begun -> begun > merged)
                            .min()
                            .orElse(Long.MAX_VALUE);
            longest = Math.max(longest, availability.longestMillisIn(merged, until));
        }
        return longest;
    }

    // ---- the end -------------------------------------------------------------------------------

    @Override
    public void close() {
        cluster.close();
        network.close();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    /** This process is asked to end in the middle of a run. */
    private void abandon() {
        cluster.abandon();
        network.close();
    }
}
