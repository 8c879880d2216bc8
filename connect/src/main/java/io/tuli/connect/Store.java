package io.tuli.connect;

import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.loop.MemberParts;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Thrown;
import io.tuli.wall.LogLimit;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a store until it answers: one that fails is left alone for a while, twice as long each time,
 * and one that hangs is interrupted. Tells that it fails, and that it is back. One thread asks, any
 * thread closes and reads.
 */
final class Store implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final double JITTER_LEAST = 0.5;

    private final Mesh mesh;
    private final String service;
    private final Terms terms;
    private final Watch watch;
    private final LogLimit limit = new LogLimit();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private volatile boolean isClosed;
    private volatile boolean isFailing;
    private volatile String lastFailure = "";
    private final AtomicLong failures = new AtomicLong();

    Store(Mesh mesh, String service, Terms terms) {
        this.mesh = mesh;
        this.service = service;
        this.terms = terms;
        this.watch =
                new Watch(
                        "tuli-connect-watch-" + service + "-" + mesh.self().name(),
                        terms.patience(),
                        this::hangs);
    }

    /** What a store says of a batch that it cannot take, and never will. */
    static final class PoisonException extends Exception {

        private static final long serialVersionUID = 1;

        private final Exception why;

        PoisonException(Exception why) {
            super(why);
            this.why = why;
        }

        Exception why() {
            return why;
        }
    }

    Watch watch() {
        return watch;
    }

    /**
     * Asks until it is answered.
     *
     * @param endNanos when it is given up, by {@link System#nanoTime}
     * @throws FencedException as the store says
     * @throws CancellationException when it is closed, or given up
     */
    <R> R ask(Callable<R> question, long endNanos) throws FencedException {
        Duration pause = terms.backOffLeast();
        while (true) {
            if (isClosed) {
                throw new CancellationException("the connector is closed");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the thread was interrupted");
            }
            try {
                return asked(question);
            } catch (FencedException fenced) {
                throw fenced;
            } catch (Exception failed) {
                failed(failed);
            }
            if (System.nanoTime() - endNanos + Durations.nanos(pause) >= 0) {
                throw new CancellationException(lastFailure);
            }
            pause(pause);
            pause =
                    pause.compareTo(terms.backOffMost().dividedBy(2)) < 0
                            ? pause.multipliedBy(2)
                            : terms.backOffMost();
        }
    }

    private <R> R asked(Callable<R> question) throws Exception {
        R answer;
        boolean isLate = false;
        watch.begin();
        try {
            answer = question.call();
        } catch (InterruptedException interrupted) {
            isLate = true;
            throw interrupted;
        } finally {
            if (!watch.ended() && isLate) {
                Thread.currentThread().interrupt(); // by somebody else, who shall be heard
            }
        }
        if (isFailing) {
            isFailing = false;
            lastFailure = "";
            tell(MeshEvent.Kind.STORE_RECOVERED, "the store answers again");
        }
        return answer;
    }

    /**
     * Writes until it is written.
     *
     * @throws PoisonException where the sink says that what is in it is at fault
     */
    void write(Sink sink, Batch batch, long endNanos) throws FencedException, PoisonException {
        Optional<Exception> poison =
                ask(
                        () -> {
                            try {
                                sink.write(batch);
                                return Optional.empty();
                            } catch (FencedException fenced) {
                                throw fenced;
                            } catch (Exception failed) {
                                if (!batch.rows().isEmpty() && sink.isPoison(failed)) {
                                    return Optional.of(failed);
                                }
                                throw failed;
                            }
                        },
                        endNanos);
        if (poison.isPresent()) {
            throw new PoisonException(poison.get());
        }
    }

    private void failed(Exception why) {
        failures.incrementAndGet();
        lastFailure = Thrown.text(why);
        if (!isFailing) {
            isFailing = true;
            tell(MeshEvent.Kind.STORE_FAILED, "the store fails: " + lastFailure);
        }
        if (limit.mayLog()) {
            Wall.log(
                    LOG,
                    "A store fails, and is tried again until it is back: service="
                            + service
                            + " notLogged="
                            + limit.takeUnlogged(),
                    why);
        }
    }

    /** On the watch's thread. */
    private void hangs() {
        lastFailure = "it has not answered for millis=" + Durations.millis(terms.patience());
        if (!isFailing) {
            isFailing = true;
            tell(MeshEvent.Kind.STORE_FAILED, "the store hangs: " + lastFailure);
        }
        if (limit.mayLog()) {
            LOG.warn("A store hangs, and is interrupted: service={} {}", service, lastFailure);
        }
    }

    private void tell(MeshEvent.Kind kind, String text) {
        ((MemberParts) mesh).tell(MeshEvent.of(kind, text).member(mesh.self()).service(service));
    }

    /** Between a half and all of that time, so that members do not come together. */
    private void pause(Duration most) {
        double part = ThreadLocalRandom.current().nextDouble(JITTER_LEAST, 1);
        rest(Duration.ofNanos((long) (Durations.nanos(most) * part)));
    }

    /** Waits, but not when it is closed. */
    void rest(Duration time) {
        long left = Durations.nanos(time);
        lock.lock();
        try {
            while (left > 0 && !isClosed) {
                left = closing.awaitNanos(left);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    boolean isFailing() {
        return isFailing;
    }

    /** Why it failed last; empty where it answers. */
    String lastFailure() {
        return lastFailure;
    }

    long failures() {
        return failures.get();
    }

    boolean isClosed() {
        return isClosed;
    }

    /** For how long it has been asked without an answer. */
    long waitedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(watch.waited().toNanos());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        watch.close();
    }
}
