package io.tuli.handler;

import io.tuli.MeshEvent;
import io.tuli.protocol.Detail;
import io.tuli.protocol.Thrown;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what their handlers do: events for tools, and in the log at most one line a second,
 * with the stack trace of a failure. Thread-safe.
 */
final class HandlerReports {
    private static final Logger LOG = LoggerFactory.getLogger("io.tuli.handler");
    private static final long LOG_EVERY_NANOS = 1_000_000_000L;

    /** An inline handler holds up all partitions of its loop; this long is long. */
    private static final long INLINE_SLOW_NANOS = 250_000_000L;

    private final String service;
    private final long slowNanos;
    private final long inlineSlowNanos;
    private final HandlerHost host;
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong unlogged = new AtomicLong();

    HandlerReports(String service, Duration slowAfter, HandlerHost host) {
        this.service = service;
        this.slowNanos = slowAfter.toNanos();
        boolean isNever = slowAfter.equals(HandlerRunner.NEVER);
        this.inlineSlowNanos = isNever ? slowNanos : Math.min(slowNanos, INLINE_SLOW_NANOS);
        this.host = host;
    }

    void failed(HandlerRun<?> run, Throwable thrown) {
        host.event(
                new MeshEvent(
                        MeshEvent.Kind.HANDLER_FAILED,
                        subject(run),
                        "a handler threw: " + request(run) + " thrown=" + Thrown.text(thrown)));
        if (mayLog()) {
            String text =
                    "a handler threw, its call failed: subject="
                            + subject(run)
                            + " "
                            + request(run)
                            + " notLogged="
                            + unlogged.getAndSet(0);
            Wall.log(LOG, text, thrown);
        }
    }

    void watch(HandlerRun<?> run, long nowNanos) {
        long nanos = nowNanos - run.begunNanos();
        if (nanos >= slowNanos && run.report()) {
            slow(subject(run), "a handler is slow, its key waits: " + request(run), nanos);
        }
    }

    /** Inline handlers, the last of this verb, took so long together. */
    void heldUp(String verb, long nanos) {
        if (nanos >= inlineSlowNanos) {
            String what = "inline handlers held up their event loop, declare them not inline:";
            slow(service, what + " last verb=" + verb, nanos);
        }
    }

    private void slow(String subject, String what, long nanos) {
        String text = what + " millis=" + nanos / 1_000_000;
        host.event(new MeshEvent(MeshEvent.Kind.HANDLER_SLOW, subject, text));
        if (mayLog()) {
            LOG.warn("{} subject={}", text, subject);
        }
    }

    private boolean mayLog() {
        long now = System.nanoTime();
        long next = nextLogNanos.get();
        boolean may = now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_EVERY_NANOS);
        if (!may) {
            unlogged.incrementAndGet();
        }
        return may;
    }

    private String subject(HandlerRun<?> run) {
        return run.partition() == HandlerRun.NO_PARTITION
                ? service
                : service + "/" + run.partition();
    }

    private static String request(HandlerRun<?> run) {
        return "verb="
                + run.message().verb()
                + " key="
                + Detail.shown(run.message().key())
                + " id="
                + run.message().id();
    }
}
