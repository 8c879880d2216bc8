package io.tuli.connect;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A store with transactions, in memory, that fails as it is told to. */
final class FakeStore implements Source, TransactionalSink {

    /** What the store does when it is written to. */
    enum Mode {
        WELL,
        DOWN,
        HANGS
    }

    static final class PoisonedException extends Exception {
        private static final long serialVersionUID = 1;

        PoisonedException(String key) {
            super("the store cannot take " + key);
        }
    }

    final Map<String, String> rows = new TreeMap<>();
    final Map<Integer, Place> places = new TreeMap<>();
    final AtomicInteger restored = new AtomicInteger();
    final AtomicInteger batches = new AtomicInteger();
    final AtomicInteger fenced = new AtomicInteger();
    final AtomicInteger largest = new AtomicInteger();
    final CountDownLatch hanging = new CountDownLatch(1);
    volatile Mode mode = Mode.WELL;
    volatile Predicate<String> poison = key -> false;

    /** Fails the first restore so far behind the beginning. */
    volatile int failsAfter = Integer.MAX_VALUE;

    private long life;

    synchronized Map<String, String> rows() {
        return new TreeMap<>(rows);
    }

    @Override
    public void restore(Restore into) throws Exception {
        int attempt = restored.incrementAndGet();
        int given = 0;
        for (Map.Entry<String, String> row : rows().entrySet()) {
            if (attempt == 1 && given++ >= failsAfter) {
                throw new IllegalStateException("the store has gone in the middle");
            }
            into.put(row.getKey(), io.tuli.Payload.json(row.getValue()));
        }
    }

    @Override
    public synchronized long life(String service) {
        return life;
    }

    @Override
    public synchronized long found(String service, Map<Integer, LogPosition> at) {
        places.clear();
        at.forEach((p, end) -> places.put(p, new Place(Epoch.ZERO, end, end)));
        return ++life;
    }

    @Override
    public Map<Integer, Place> claim(String service, long inLife, Map<Integer, Epoch> epochs)
            throws Exception {
        fail();
        synchronized (this) {
            Map<Integer, Place> claimed = new HashMap<>();
            if (inLife != life) {
                return claimed;
            }
            epochs.forEach(
                    (partition, epoch) -> {
                        Place known = places.getOrDefault(partition, Place.START);
                        if (!known.epoch().isAfter(epoch)) {
                            claimed.put(partition, known.claimedIn(epoch));
                        }
                    });
            places.putAll(claimed);
            return claimed;
        }
    }

    private void fail() throws Exception {
        if (mode == Mode.DOWN) {
            throw new IllegalStateException("the store is down");
        }
        if (mode == Mode.HANGS) {
            hanging.countDown();
            new CountDownLatch(1).await();
        }
    }

    @Override
    public void write(Batch batch) throws Exception {
        fail();
        synchronized (this) {
            Set<Integer> others = new HashSet<>();
            batch.places()
                    .forEach(
                            (partition, place) -> {
                                Place known = places.getOrDefault(partition, Place.START);
                                if (batch.life() != life || !known.epoch().equals(place.epoch())) {
                                    others.add(partition);
                                }
                            });
            if (!others.isEmpty()) {
                fenced.incrementAndGet();
                throw new FencedException(others);
            }
            for (Row row : batch.rows()) {
                if (poison.test(row.key())) {
                    throw new PoisonedException(row.key());
                }
            }
            for (Row row : batch.rows()) {
                if (row.isRemoval()) {
                    rows.remove(row.key());
                } else {
                    rows.put(row.key(), row.document().toString());
                }
            }
            List<String> stale = new ArrayList<>(rows.keySet());
            stale.removeIf(key -> !batch.isStale(key));
            stale.forEach(rows::remove);
            places.putAll(batch.places());
            batches.incrementAndGet();
            largest.accumulateAndGet(batch.rows().size(), Math::max);
        }
    }

    @Override
    public boolean isPoison(Exception failed) {
        return failed instanceof PoisonedException;
    }
}
