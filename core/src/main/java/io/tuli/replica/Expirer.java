package io.tuli.replica;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.lifetime.Allowance;
import io.tuli.lifetime.ExpiryWheel;
import io.tuli.log.PartitionState;
import io.tuli.machine.CoreContext;
import io.tuli.machine.Ledger;
import io.tuli.machine.Overlay;
import io.tuli.machine.Partition;
import io.tuli.machine.RequestExecutor;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes out of an owner's partition what has outlived its time: so much at a time that nobody waits
 * for it. What is due, and not taken out yet, no decision sees any more. One thread.
 *
 * <p>Which documents are due, a wheel of the hashes of their keys tells. Where keys were made to
 * meet, so that a hash finds none any more, all documents are walked instead, a part at a time.
 */
final class Expirer {

    /** So many documents one entry takes out. */
    static final int KEYS_OF_ENTRY = 64;

    /** What cannot be taken out now is looked at again after so long. */
    private static final long LATER_MILLIS = 128;

    private static final long REST_MILLIS = 1_000;
    private static final long MILLI_NANOS = 1_000_000;
    private static final int SPARE_HASHES = 4_096;
    private static final int WALKED = -1;

    private final Partition partition;
    private final Overlay overlay;
    private final Ledger ledger;
    private final RequestExecutor executor;
    private final ExpiryWheel wheel;
    private final Allowance allowance;
    private final int bytesOfEntry;
    private final List<Edit> due = new ArrayList<>();
    private long dueBytes;

    /** Where the walk over all documents goes on; {@link #WALKED} when it has been made. */
    private int walkAt;

    private long nextWalkMillis;

    Expirer(
            Partition partition,
            CoreContext context,
            Overlay overlay,
            Ledger ledger,
            RequestExecutor executor,
            ExpiryWheel wheel) {
        this.partition = partition;
        this.overlay = overlay;
        this.ledger = ledger;
        this.executor = executor;
        this.wheel = wheel;
        this.allowance = context.allowance();
        this.bytesOfEntry = context.documentBytesMax();
    }

    /** Time has passed. */
    void tick(long nowMillis) {
        if (!partition.state().mayExpire() && wheel.size() == 0) {
            walkAt = WALKED;
            return;
        }
        int granted = allowance.grant();
        int left = granted;
        if (!partition.state().isFoundByHash()) {
            wheel.clear();
            left = sweep(nowMillis, left);
        } else {
            if (walkAt != WALKED) {
                left = build(left);
            }
            wheel.advance(nowMillis);
            while (left > 0 && wheel.hasNext() && !ledger.isFull()) {
                left -= look(wheel.next(), nowMillis);
            }
            if (wheel.size() > 2L * partition.state().size() + SPARE_HASHES) {
                wheel.clear();
                walkAt = 0;
            }
        }
        takeOut();
        allowance.take(granted - left);
    }

    /**
     * Looks for all that goes by itself: an earlier owner had decided it, or a merge brought it.
     */
    private int build(int units) {
        int slots = units * Allowance.SLOTS_OF_UNIT;
        walkAt =
                partition
                        .state()
                        .walkExpiring(
                                walkAt,
                                slots,
                                Long.MIN_VALUE,
                                (hash, until, key) -> wheel.add(hash, until));
        return walkAt == WALKED ? units / 2 : 0;
    }

    /** Where hashes find nothing: looks at a part of all documents. */
    private int sweep(long nowMillis, int units) {
        if (walkAt == WALKED && nowMillis >= nextWalkMillis) {
            walkAt = 0;
        }
        if (walkAt == WALKED || ledger.isFull()) {
            return units;
        }
        List<String> keys = new ArrayList<>();
        PartitionState.Expiring visitor =
                (hash, until, key) -> {
                    if (key != null) {
                        keys.add(key);
                    }
                };
        walkAt = partition.state().walkExpiring(walkAt, units, nowMillis, visitor);
        keys.forEach(key -> look(key, key.hashCode(), nowMillis));
        nextWalkMillis = nowMillis + REST_MILLIS;
        return 0;
    }

    /** Looks at the documents whose keys have a hash; answers what that took. */
    private int look(int hash, long nowMillis) {
        List<String> keys = new ArrayList<>(1);
        partition.state().forEachExpiring(hash, keys::add);
        int units = 1;
        for (String key : keys) {
            units += look(key, hash, nowMillis);
        }
        if (keys.isEmpty() && !overlay.isEmpty()) {
            wheel.add(hash, nowMillis + REST_MILLIS); // it may not be committed yet
        }
        return units;
    }

    private int look(String key, int hash, long nowMillis) {
        long until = overlay.until(key);
        if (until == Edit.NEVER) {
            return 0;
        }
        if (until > nowMillis) {
            wheel.add(hash, until);
            return 0;
        }
        if (executor.isBusy(key) || ledger.isFull()) {
            wheel.add(hash, nowMillis + LATER_MILLIS);
            return 0;
        }
        long bytes = bytesOf(key);
        if (due.size() >= KEYS_OF_ENTRY || dueBytes + bytes > bytesOfEntry) {
            takeOut();
        }
        due.add(Edit.expire(Key.of(key)));
        dueBytes += bytes;
        return Allowance.REMOVAL;
    }

    /** What it adds to an entry: where values before are kept, its own. */
    private long bytesOf(String key) {
        long bytes = key.length();
        return partition.spec().keepsBefore() ? bytes + overlay.document(key).sizeBytes() : bytes;
    }

    private void takeOut() {
        if (!due.isEmpty()) {
            ledger.expire(List.copyOf(due));
            due.clear();
            dueBytes = 0;
        }
    }

    /** For so long it has nothing to do, unless something is written. */
    long restNanos() {
        if (!partition.state().isFoundByHash()) {
            return walkAt == WALKED ? REST_MILLIS * MILLI_NANOS : 0;
        }
        if (walkAt != WALKED) {
            return 0;
        }
        return wheel.size() == 0 ? Long.MAX_VALUE : wheel.restMillis(REST_MILLIS) * MILLI_NANOS;
    }
}
