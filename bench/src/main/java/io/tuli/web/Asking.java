package io.tuli.web;

import io.netty.channel.EventLoop;
import io.tuli.measure.Allocation;
import io.tuli.measure.Sample;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Connections that each ask again as soon as they are answered, for a time. Used by one loop. */
final class Asking implements WebWire.Heard {

    private static final long PATIENCE_SECONDS = 60;
    private static final long LATENCY_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

    private final String what;
    private final long nanos;
    private final Histogram latencies = new Histogram(LATENCY_NANOS_MAX, 3);
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private int open;
    private long asked;
    private long count;
    private long begunNanos;

    /**
     * @param what {@code get}, {@code create} over HTTP, {@code call} over Socket.IO
     */
    Asking(String what, long nanos, int connections) {
        this.what = what;
        this.nanos = nanos;
        this.open = connections;
    }

    Sample run(List<WebWire> wires, EventLoop loop) throws Exception {
        long before = Allocation.ofAllThreads();
        loop.execute(
                () -> {
                    begunNanos = System.nanoTime();
                    wires.forEach(this::ask);
                });
        long took =
                done.get(
                        TimeUnit.NANOSECONDS.toSeconds(nanos) + PATIENCE_SECONDS, TimeUnit.SECONDS);
        return Sample.of(count, took, latencies, Allocation.ofAllThreads() - before);
    }

    private void ask(WebWire wire) {
        long key = asked++ % WebClientMain.KEYS;
        switch (what) {
            case "get" -> wire.request("GET", "/todos/k" + key, "");
            case "create" ->
                    wire.request("POST", "/todos", "{\"title\":\"a todo\",\"n\":" + asked + "}");
            default -> {
                wire.sentNanos = System.nanoTime();
                wire.packet("42" + asked + "[\"get\",\"todos\",\"k" + key + "\",{}]");
            }
        }
    }

    @Override
    public void ready(WebWire wire) {}

    @Override
    public void message(WebWire wire, int status, String text) {
        boolean isAnswer = status > 0 || text.startsWith("43");
        boolean isRight = status > 0 ? status < 300 : text.contains("[null,{");
        if (!isAnswer) {
            return;
        }
        if (!isRight) {
            done.completeExceptionally(new IOException(status + " " + text));
            return;
        }
        long now = System.nanoTime();
        latencies.recordValue(Math.min(now - wire.sentNanos, LATENCY_NANOS_MAX));
        count++;
        if (now - begunNanos < nanos) {
            ask(wire);
        } else if (--open == 0) {
            done.complete(now - begunNanos);
        }
    }

    @Override
    public void ended(WebWire wire, String why) {
        done.completeExceptionally(new IOException(why));
    }
}
