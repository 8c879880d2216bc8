package io.tuli.web;

import io.netty.channel.EventLoop;
import io.tuli.measure.Allocation;
import io.tuli.measure.Sample;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One client makes records, one after the other, and very many hear of each: the next is made when
 * all have heard. What is counted is what is heard. Used by one loop.
 */
final class Telling implements WebWire.Heard {

    private static final long PATIENCE_SECONDS = 60;
    private static final long LATENCY_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
    private static final String EVENT = "42[\"todos created\"";

    private final int hearers;
    private final long nanos;
    private final Histogram latencies = new Histogram(LATENCY_NANOS_MAX, 3);
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private @Nullable WebWire teller;
    private int left;
    private boolean isAnswered = true;
    private long count;
    private long told;
    private long begunNanos;
    private long toldNanos;

    Telling(int hearers, long nanos) {
        this.hearers = hearers;
        this.nanos = nanos;
    }

    Sample run(WebWire teller, EventLoop loop) throws Exception {
        long before = Allocation.ofAllThreads();
        loop.execute(
                () -> {
                    begunNanos = System.nanoTime();
                    tell(teller);
                });
        long took =
                done.get(
                        TimeUnit.NANOSECONDS.toSeconds(nanos) + PATIENCE_SECONDS, TimeUnit.SECONDS);
        return Sample.of(count, took, latencies, Allocation.ofAllThreads() - before);
    }

    private void tell(WebWire by) {
        teller = by;
        left = hearers;
        isAnswered = false;
        told++;
        toldNanos = System.nanoTime();
        by.request("POST", "/todos", "{\"title\":\"an event\",\"n\":" + told + "}");
    }

    @Override
    public void ready(WebWire wire) {}

    @Override
    public void message(WebWire wire, int status, String text) {
        if (!text.startsWith(EVENT)) {
            return;
        }
        latencies.recordValue(Math.min(System.nanoTime() - toldNanos, LATENCY_NANOS_MAX));
        count++;
        left--;
        next();
    }

    private void next() {
        WebWire by = teller;
        if (left > 0 || !isAnswered || by == null) {
            return;
        }
        long now = System.nanoTime();
        if (now - begunNanos < nanos) {
            tell(by);
        } else {
            done.complete(now - begunNanos);
        }
    }

    @Override
    public void ended(WebWire wire, String why) {
        done.completeExceptionally(new IOException(why));
    }

    /** Who makes the records. */
    final class Teller implements WebWire.Heard {

        @Override
        public void ready(WebWire wire) {}

        @Override
        public void message(WebWire wire, int status, String text) {
            if (status != 201) {
                done.completeExceptionally(new IOException(status + " " + text));
            }
            isAnswered = true;
            next();
        }

        @Override
        public void ended(WebWire wire, String why) {
            done.completeExceptionally(new IOException(why));
        }
    }
}
