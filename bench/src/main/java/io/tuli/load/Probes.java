package io.tuli.load;

import io.tuli.Service;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Many keys, one write at a time to each, numbered: while an owner is killed they show how long its
 * keys could not be written, and afterwards whether an acknowledged write is missing.
 */
final class Probes {

    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** Shorter gaps are the load's, not the failure's. */
    private static final long GAP_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);

    private final Service<byte[]> service;
    private final List<Probe> probes = new ArrayList<>();
    private final AtomicLong running = new AtomicLong();
    private volatile boolean isOver;

    Probes(Service<byte[]> service, int count) {
        this.service = service;
        for (int i = 0; i < count; i++) {
            probes.add(new Probe("probe-" + i));
        }
    }

    /** What happened to the keys that paused, in milliseconds. */
    Object run(Duration time) throws Exception {
        running.set(probes.size());
        probes.forEach(Probe::begin);
        await(time, () -> false);
        isOver = true;
        await(ANSWER, () -> running.get() == 0);
        List<Long> gaps =
                probes.stream()
                        .map(each -> each.gapNanos)
                        .filter(gap -> gap >= GAP_NANOS_MIN)
                        .sorted()
                        .toList();
        long lost = 0;
        for (Probe each : probes) {
            lost += each.isLost() ? 1 : 0;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("keys", probes.size());
        result.put("keysPaused", gaps.size());
        result.put("firstMillis", gaps.isEmpty() ? 0 : millis(gaps.getFirst()));
        result.put("medianMillis", gaps.isEmpty() ? 0 : millis(gaps.get(gaps.size() / 2)));
        result.put("lastMillis", gaps.isEmpty() ? 0 : millis(gaps.getLast()));
        result.put("acknowledged", probes.stream().mapToLong(each -> each.acknowledged).sum());
        result.put("failed", probes.stream().mapToLong(each -> each.failed.get()).sum());
        result.put("lost", lost);
        return result;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private interface Condition {
        boolean isMet();
    }

    private static void await(Duration within, Condition condition) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.isMet() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(MOMENT_NANOS);
        }
    }

    /** One key. Its fields are written by whoever completes its one call. */
    private final class Probe {
        private final String key;
        private volatile long acknowledged;
        private final AtomicLong failed = new AtomicLong();
        private volatile long gapNanos;
        private long sent;
        private long before;

        Probe(String key) {
            this.key = key;
        }

        void begin() {
            before = System.nanoTime();
            send();
        }

        private void send() {
            long number = ++sent;
            byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
            service.update(key, value)
                    .reply()
                    .whenComplete((none, failure) -> ended(number, failure == null));
        }

        private void ended(long number, boolean isDone) {
            if (isDone) {
                long now = System.nanoTime();
                gapNanos = Math.max(gapNanos, now - before);
                before = now;
                acknowledged = number;
            } else {
                failed.incrementAndGet();
            }
            if (isOver) {
                running.decrementAndGet();
            } else {
                send();
            }
        }

        /** Whether the owner holds less than what was acknowledged. */
        private boolean isLost() throws Exception {
            byte[] held =
                    service.read(key, byte[].class)
                            .reply()
                            .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
            return held == null || ByteBuffer.wrap(held).getLong() < acknowledged;
        }
    }
}
