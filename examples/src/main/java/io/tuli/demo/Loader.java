package io.tuli.demo;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.TuliException;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends the flights at an even rate, and again under the same identity what ended neither well nor
 * for good. One thread sends; replies come on threads of the mesh.
 */
final class Loader implements Runnable {

    private static final int IN_FLIGHT_MAX = 4_000;
    private static final int ATTEMPTS_MAX = 5;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long LOOK_NANOS = 1_000_000L;

    private final Service<Route> service;
    private final List<Flight> flights;
    private final int perSecond;
    private final Deadline deadline;
    private final long startNanos = System.nanoTime();
    private final WriteClock clock;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
    private final Queue<Flight> again = new ConcurrentLinkedQueue<>();
    private final AtomicIntegerArray attempts;
    private final AtomicIntegerArray replied;
    private final AtomicInteger ended = new AtomicInteger();

    private volatile @Nullable String trouble;
    private volatile boolean isStopped;

    Loader(Service<Route> service, List<Flight> flights, int perSecond, Deadline deadline) {
        this.service = service;
        this.flights = flights;
        this.perSecond = perSecond;
        this.deadline = deadline;
        this.clock = new WriteClock(flights.size(), startNanos);
        this.attempts = new AtomicIntegerArray(flights.size());
        this.replied = new AtomicIntegerArray(flights.size());
    }

    @Override
    public void run() {
        int next = 0;
        while (!isDone() && !isStopped && deadline.leftNanos() > 0) {
            Flight repeat = again.poll();
            if (repeat != null) {
                send(repeat);
            } else if (next < flights.size() && isDue(next) && admit()) {
                send(flights.get(next));
                next++;
            } else {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private boolean admit() {
        try {
            return inFlight.tryAcquire(LOOK_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            isStopped = true;
            return false;
        }
    }

    private boolean isDue(int number) {
        return System.nanoTime() - due(number) >= 0;
    }

    private long due(int number) {
        return startNanos + number * NANOS_PER_SECOND / perSecond;
    }

    private void send(Flight flight) {
        attempts.incrementAndGet(flight.number());
        try {
            Call<Integer> call = service.send(FlightService.request(flight), Integer.class);
            call.reply().whenComplete((reply, failure) -> replied(flight, reply, failure));
        } catch (TuliException e) {
            failed(flight, e);
        }
    }

    private void replied(Flight flight, @Nullable Integer reply, @Nullable Throwable failure) {
        if (failure != null) {
            failed(flight, failure);
        } else if (reply == null || reply != flight.number()) {
            giveUp("the reply to flight " + flight.number() + " was " + reply);
        } else {
            replied.set(flight.number(), 1);
            clock.acknowledged(flight.number(), due(flight.number()), System.nanoTime());
            end();
        }
    }

    /** UNKNOWN and RETRY are sent again: the identity makes a repeat safe. */
    private void failed(Flight flight, Throwable failure) {
        boolean mayTryAgain =
                failure instanceof TuliException known
                        && (known.outcome() == Outcome.UNKNOWN
                                || known.category() == Failure.Category.RETRY);
        if (mayTryAgain && attempts.get(flight.number()) < ATTEMPTS_MAX) {
            again.add(flight);
        } else {
            giveUp("flight " + flight.number() + " failed: " + failure);
        }
    }

    private void giveUp(String why) {
        trouble = trouble == null ? why : trouble;
        end();
    }

    private void end() {
        ended.incrementAndGet();
        inFlight.release();
    }

    void stop() {
        isStopped = true;
    }

    /** Whether every flight was acknowledged or given up. */
    boolean isDone() {
        return ended.get() == flights.size();
    }

    /** How far it is, from 0 to 1. */
    double progress() {
        return (double) ended.get() / flights.size();
    }

    WriteClock clock() {
        return clock;
    }

    /** The numbers of the flights that were acknowledged. */
    BitSet acknowledged() {
        BitSet numbers = new BitSet(flights.size());
        for (int i = 0; i < flights.size(); i++) {
            numbers.set(i, replied.get(i) == 1);
        }
        return numbers;
    }

    /** How fast it went, once it is done. */
    Score.Pace pace() {
        return new Score.Pace(
                clock.longestGapMillis(),
                clock.perSecond(),
                clock.percentileMillis(0.5),
                clock.percentileMillis(0.99),
                clock.percentileMillis(1),
                repeats());
    }

    private int repeats() {
        int repeats = 0;
        for (int i = 0; i < flights.size(); i++) {
            repeats += Math.max(0, attempts.get(i) - 1);
        }
        return repeats;
    }

    /** Why the first flight that was given up failed; null if none was. */
    @Nullable String trouble() {
        return trouble;
    }
}
