package io.tuli.wiring;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Knows which places reach each other. Thread-safe. */
final class Switchboard {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isChanged = lock.newCondition();
    private final int[] sides;

    /** All places, numbered from 1, reach each other. */
    Switchboard(int places) {
        sides = new int[places + 1];
    }

    void split(List<Set<Integer>> newSides) {
        change(
                () -> {
                    for (int side = 0; side < newSides.size(); side++) {
                        for (int place : newSides.get(side)) {
                            sides[place] = side;
                        }
                    }
                });
    }

    void heal() {
        change(() -> java.util.Arrays.fill(sides, 0));
    }

    private void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            isChanged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the two places reach each other; false if they still do not after this time. */
    boolean awaitRoad(int one, int other, long seconds) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.SECONDS.toNanos(seconds);
            while (sides[one] != sides[other]) {
                if (left <= 0) {
                    return false;
                }
                left = isChanged.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
