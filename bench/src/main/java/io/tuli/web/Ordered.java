package io.tuli.web;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Very many clients that call, once a second each, and hear of one record that is changed at a
 * rate: each change has a number, and each client must hear all of them in their order. Used by one
 * loop.
 */
final class Ordered implements WebWire.Heard {

    private static final long PATIENCE_SECONDS = 60;
    private static final long LATENCY_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
    private static final String EVENT = "42[\"todos updated\"";
    private static final String NUMBER = "\"n\":";

    private final long nanos;
    private final int rate;
    private final Histogram calls = new Histogram(LATENCY_NANOS_MAX, 3);
    private final CompletableFuture<String> done = new CompletableFuture<>();
    private long told;
    private boolean isTelling = true;
    private long heardCount;
    private long outOfOrder;
    private long asked;
    private long answered;
    private int clients;

    /**
     * @param rate changes a second
     */
    Ordered(long nanos, int rate) {
        this.nanos = nanos;
        this.rate = rate;
    }

    Map<String, Object> run(List<WebWire> wires, WebWire teller, EventLoop loop) throws Exception {
        clients = wires.size();
        loop.submit(() -> wires.forEach(wire -> wire.number = 0)).sync();
        long gap = TimeUnit.SECONDS.toNanos(1) / rate;
        ScheduledFuture<?> telling =
                loop.scheduleAtFixedRate(() -> tell(teller), gap, gap, TimeUnit.NANOSECONDS);
        long each = TimeUnit.SECONDS.toNanos(1) / clients;
        int[] next = new int[1];
        ScheduledFuture<?> calling =
                loop.scheduleAtFixedRate(
                        () -> call(wires.get(next[0]++ % clients)),
                        each,
                        each,
                        TimeUnit.NANOSECONDS);
        loop.schedule(
                () -> {
                    telling.cancel(false);
                    calling.cancel(false);
                    isTelling = false;
                    look();
                },
                nanos,
                TimeUnit.NANOSECONDS);
        String end =
                done.get(
                        TimeUnit.NANOSECONDS.toSeconds(nanos) + PATIENCE_SECONDS, TimeUnit.SECONDS);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("end", end);
        facts.put("events", told);
        facts.put("delivered", heardCount);
        facts.put("missing", told * clients - heardCount);
        facts.put("outOfOrder", outOfOrder);
        facts.put("calls", asked);
        facts.put("answered", answered);
        facts.put("callP50Nanos", calls.getValueAtPercentile(50));
        facts.put("callP99Nanos", calls.getValueAtPercentile(99));
        return facts;
    }

    private void tell(WebWire teller) {
        told++;
        teller.request("PUT", "/todos/ticker", "{\"" + "n\":" + told + "}");
    }

    private void call(WebWire wire) {
        asked++;
        wire.sentNanos = System.nanoTime();
        wire.packet(
                "42" + asked + "[\"get\",\"todos\",\"k" + asked % WebClientMain.KEYS + "\",{}]");
    }

    @Override
    public void ready(WebWire wire) {}

    @Override
    public void message(WebWire wire, int status, String text) {
        if (text.startsWith(EVENT)) {
            int at = text.indexOf(NUMBER) + NUMBER.length();
            int end = at;
            while (Character.isDigit(text.charAt(end))) {
                end++;
            }
            long number = Long.parseLong(text.substring(at, end));
            outOfOrder += number == wire.number + 1 ? 0 : 1;
            wire.number = number;
            heardCount++;
        } else if (text.startsWith("43")) {
            answered++;
            calls.recordValue(Math.min(System.nanoTime() - wire.sentNanos, LATENCY_NANOS_MAX));
        }
        look();
    }

    private void look() {
        if (!isTelling && answered == asked && heardCount == told * clients) {
            done.complete("all was heard and answered");
        }
    }

    @Override
    public void ended(WebWire wire, String why) {
        done.completeExceptionally(new IOException(why));
    }

    /** Who changes the record. */
    final class Teller implements WebWire.Heard {

        @Override
        public void ready(WebWire wire) {}

        @Override
        public void message(WebWire wire, int status, String text) {
            if (status != 200) {
                done.completeExceptionally(new IOException(status + " " + text));
            }
        }

        @Override
        public void ended(WebWire wire, String why) {
            done.completeExceptionally(new IOException(why));
        }
    }
}
