package io.tuli.console;

import io.tuli.Mesh;
import io.tuli.Refusal;
import io.tuli.ServiceDescription;
import io.tuli.ServiceReport;
import io.tuli.invoke.CallStatistics;
import io.tuli.invoke.CallStatistics.Counts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks all members what they know, once a second and for all who look at once, and only while
 * somebody does. A member that does not answer holds up no picture: it is missing from the next. It
 * asks less often where asking takes long. Thread-safe.
 */
final class Sampler {

    /** More services than these are counted only. */
    static final int SERVICES_MAX = 64;

    private static final Duration ANSWER = Duration.ofMillis(700);
    private static final long PICTURE_MILLIS = 900;
    private static final long APART_MILLIS = 1_000;

    /** Where asking takes long, this much of the time nothing is asked: as long, but no longer. */
    private static final long REST_MILLIS = 3_000;

    private final Mesh mesh;
    private final CallStatistics statistics;
    private final Bell bell;
    private final Set<String> asking = ConcurrentHashMap.newKeySet();
    private final Map<String, List<ServiceReport>> known = new ConcurrentHashMap<>();
    private Map<String, Counts> before = Map.of();
    private volatile @Nullable Sample sample;
    private final ReentrantLock asked = new ReentrantLock();
    private int lookers;
    private boolean isRunning;

    /**
     * What was known at one time.
     *
     * @param services all that are served, as far as they are shown
     * @param others how many more there are
     * @param reports of each, from the members that have answered
     * @param calls of this gateway since the last one, by path
     */
    record Sample(
            long number,
            long atMillis,
            List<ServiceDescription> services,
            int others,
            Map<String, List<ServiceReport>> reports,
            Map<String, Counts> calls) {}

    /**
     * Asks nobody yet.
     *
     * @param bell rung for each sample
     */
    Sampler(Mesh mesh, CallStatistics statistics, Bell bell) {
        this.mesh = mesh;
        this.statistics = statistics;
        this.bell = bell;
    }

    /** The last one; null before the first. */
    @Nullable Sample latest() {
        return sample;
    }

    /** One for who does not follow: the last one where it is fresh. May wait. */
    Sample takenNow() {
        asked.lock();
        try {
            Sample last = sample;
            if (last == null || System.currentTimeMillis() - last.atMillis() > APART_MILLIS) {
                last = taken(last == null ? 1 : last.number() + 1);
                sample = last;
            }
            return last;
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("The console is closing");
        } finally {
            asked.unlock();
        }
    }

    /** What members know of one service. May wait. */
    List<ServiceReport> reports(String service) {
        return mesh.reports(service, ANSWER);
    }

    /** Somebody begins to look. */
    synchronized void looked() {
        lookers++;
        if (!isRunning) {
            isRunning = true;
            Thread.ofVirtual().name("tuli-console-sampler").start(this::run);
        }
    }

    /** And has looked enough. */
    synchronized void left() {
        lookers--;
    }

    private synchronized boolean goesOn() {
        isRunning = lookers > 0;
        return isRunning;
    }

    private void run() {
        long number = sample == null ? 0 : sample.number();
        try {
            while (goesOn()) {
                long begunNanos = System.nanoTime();
                number++;
                sample = taken(number);
                bell.ring();
                long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
                TimeUnit.MILLISECONDS.sleep(
                        Math.max(APART_MILLIS - tookMillis, Math.min(tookMillis, REST_MILLIS)));
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            stopped();
        } catch (RuntimeException | Error leaving) {
            stopped(); // the member is leaving; who comes next begins anew
        }
    }

    private synchronized void stopped() {
        isRunning = false;
    }

    private Sample taken(long number) throws InterruptedException {
        List<ServiceDescription> all = mesh.services();
        List<ServiceDescription> shown = all.subList(0, Math.min(SERVICES_MAX, all.size()));
        ask(shown);
        Map<String, List<ServiceReport>> reports = new TreeMap<>();
        for (ServiceDescription each : shown) {
            reports.put(each.name(), known.getOrDefault(each.name(), List.of()));
        }
        known.keySet().retainAll(reports.keySet());
        return new Sample(
                number,
                System.currentTimeMillis(),
                new ArrayList<>(shown),
                all.size() - shown.size(),
                reports,
                calls());
    }

    /** All at once; one whose members did not answer the last time yet is not asked again. */
    private void ask(List<ServiceDescription> services) throws InterruptedException {
        List<String> names =
                services.stream().map(ServiceDescription::name).filter(asking::add).toList();
        CountDownLatch answered = new CountDownLatch(names.size());
        for (String name : names) {
            Thread.ofVirtual()
                    .name("tuli-console-ask")
                    .start(
                            () -> {
                                try {
                                    known.put(name, mesh.reports(name, ANSWER));
                                } catch (RuntimeException gone) {
                                    known.remove(name); // nobody serves it any more
                                } finally {
                                    asking.remove(name);
                                    answered.countDown();
                                }
                            });
        }
        boolean unused = answered.await(PICTURE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized Map<String, Counts> calls() {
        Map<String, Counts> now = statistics.counts();
        Map<String, Counts> since = new HashMap<>();
        now.forEach(
                (path, counts) ->
                        since.put(path, counts.since(before.getOrDefault(path, Counts.NONE))));
        before = now;
        return since;
    }
}
