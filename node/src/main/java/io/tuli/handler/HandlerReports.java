package io.tuli.handler;

import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Durations;
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
        this.slowNanos = Durations.nanos(slowAfter);
        boolean isNever = slowAfter.equals(HandlerRunner.NEVER);
        this.inlineSlowNanos = isNever ? slowNanos : Math.min(slowNanos, INLINE_SLOW_NANOS);
        this.host = host;
    }

    void failed(HandlerRun<?> run, Throwable thrown) {
        MeshEvent event = event(MeshEvent.Kind.HANDLER_FAILED, run, facts(run.message(), thrown));
        failed(event, run.message(), thrown);
    }

    /** The handler of a tunnel that was opened with this. */
    void failed(Message message, Throwable thrown) {
        MeshEvent event =
                MeshEvent.of(MeshEvent.Kind.HANDLER_FAILED, facts(message, thrown))
                        .service(service)
                        .key(message.key());
        failed(event, message, thrown);
    }

    private static String facts(Message message, Throwable thrown) {
        return "a handler threw: " + request(message) + " thrown=" + Thrown.text(thrown);
    }

    private void failed(MeshEvent event, Message message, Throwable thrown) {
        host.event(event);
        if (mayLog()) {
            String text =
                    "a handler threw, its call failed: subject="
                            + event.subject()
                            + " "
                            + request(message)
                            + " notLogged="
                            + unlogged.getAndSet(0);
            Wall.log(LOG, text, thrown);
        }
    }

    void watch(HandlerRun<?> run, long nowNanos) {
        long nanos = nowNanos - run.begunNanos();
        if (nanos >= slowNanos && run.report()) {
            String text =
                    "a handler is slow, its key waits: " + request(run.message()) + millis(nanos);
            slow(event(MeshEvent.Kind.HANDLER_SLOW, run, text));
        }
    }

    /** Inline handlers, the last of this verb, took so long together. */
    void heldUp(String verb, long nanos) {
        if (nanos >= inlineSlowNanos) {
            String what = "inline handlers held up their event loop, declare them not inline:";
            String text = what + " last verb=" + Excerpt.of(verb) + millis(nanos);
            slow(MeshEvent.of(MeshEvent.Kind.HANDLER_SLOW, text).service(service));
        }
    }

    private static String millis(long nanos) {
        return " millis=" + nanos / 1_000_000;
    }

    private void slow(MeshEvent event) {
        host.event(event);
        if (mayLog()) {
            LOG.warn("{} subject={}", event.text(), event.subject());
        }
    }

    private MeshEvent event(MeshEvent.Kind kind, HandlerRun<?> run, String text) {
        MeshEvent event = MeshEvent.of(kind, text).service(service).key(run.message().key());
        return run.partition() == HandlerRun.NO_PARTITION
                ? event
                : event.partition(run.partition());
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

    private static String request(Message message) {
        return "verb="
                + Excerpt.of(message.verb())
                + " key="
                + Excerpt.of(message.key())
                + " id="
                + message.id();
    }
}
