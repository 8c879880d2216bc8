package io.tuli.console;

import io.netty.channel.ChannelHandlerContext;
import io.tuli.Change;
import io.tuli.Codec;
import io.tuli.Feed;
import io.tuli.Position;
import io.tuli.Refusal;
import io.tuli.http.EventStream;
import io.tuli.http.Exchange;
import io.tuli.invoke.ErrorJson;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One page that is open: is told the state once a second, the events of the mesh, and the changes
 * of one service, as far as a reader keeps up; of what it is not told it is told how much that was.
 * Events go on after the last one a page has seen.
 */
final class Viewer implements AutoCloseable {

    /** More changes in a second than these are counted only. */
    private static final int CHANGES_A_SECOND = 100;

    private static final long LOOK_MILLIS = 1_000;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Context context;
    private final String service;
    private final String tailed;
    private final String prefix;
    private final Consumer<Viewer> end;
    private final EventStream stream = new EventStream(this::ended);
    private final AtomicLong skipped = new AtomicLong();
    private volatile boolean isOver;
    private volatile Feed.@Nullable Subscription tail;
    private long lastEvent;
    private long secondNanos;
    private int ofThisSecond;

    /** What all of them share. */
    record Context(
            ConsoleRoute.Setting setting,
            Codec codec,
            KeysView keys,
            EventLog log,
            Bell bell,
            Sampler sampler) {}

    /**
     * Not open yet.
     *
     * @param end told once when it is over
     * @throws Refusal where what is asked cannot be
     */
    Viewer(Context context, Asked asked, Consumer<Viewer> end) {
        this.context = context;
        this.service = asked.text("service");
        this.tailed = asked.text("tail");
        this.prefix = asked.text("prefix");
        this.end = end;
    }

    /** On the connection's loop. */
    void open(Exchange exchange) {
        String last = exchange.request().header("Last-Event-ID");
        lastEvent = last.matches("\\d{1,15}") ? Long.parseLong(last) : 0;
        try {
            ChannelHandlerContext decoder = exchange.upgrade();
            stream.open(decoder, EventStream.head(exchange.request()), Long.MAX_VALUE, false);
        } catch (IllegalStateException gone) {
            ended();
            return;
        }
        Thread.ofVirtual().name("tuli-console-viewer").start(this::run);
    }

    private void ended() {
        isOver = true;
        context.bell().ring();
        end.accept(this);
    }

    @Override
    public void close() {
        stream.close();
    }

    // ---- on its own thread ---------------------------------------------------------------------

    private void run() {
        long rung = -1;
        long told = 0;
        try {
            beginTail();
            while (!isOver) {
                Sampler.Sample sample = context.sampler().latest();
                if (sample != null && sample.number() != told) {
                    told = sample.number();
                    tell(sample);
                }
                tellEvents();
                rung = context.bell().await(rung, LOOK_MILLIS);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error leaving) {
            stream.close(); // the member is leaving; the page comes back, or finds nobody
        } finally {
            Feed.Subscription begun = tail;
            if (begun != null) {
                begun.close();
            }
        }
    }

    private void tell(Sampler.Sample sample) throws InterruptedException {
        Map<String, @Nullable Object> state =
                StateView.of(context.setting().mesh(), context.setting().exposures().all(), sample);
        if (!service.isEmpty()) {
            state.put(
                    "ring",
                    StateView.ring(service, sample.reports().getOrDefault(service, List.of())));
        }
        tell("state", state);
    }

    private void tellEvents() throws InterruptedException {
        List<EventLog.Logged> news = context.log().after(lastEvent);
        if (news.isEmpty()) {
            long newest = context.log().newest();
            lastEvent = Math.min(lastEvent, newest); // of a gateway before this one
            return;
        }
        long missed = news.getFirst().number() - lastEvent - 1;
        if (lastEvent > 0 && missed > 0) {
            tell("gap", Map.of("events", missed));
        }
        for (EventLog.Logged each : news) {
            lastEvent = each.number();
            tell("mesh", each.event());
        }
    }

    private void tell(String kind, Map<String, @Nullable Object> value)
            throws InterruptedException {
        stream.tell(kind, String.valueOf(lastEvent), context.codec().encode(value).bytes());
    }

    // ---- changes of one service ----------------------------------------------------------------

    private void beginTail() throws InterruptedException {
        if (tailed.isEmpty()) {
            return;
        }
        try {
            tail =
                    context.keys()
                            .service(tailed)
                            .feed()
                            .from(Position.latest())
                            .each(this::changed);
        } catch (RuntimeException refused) {
            tell("refused", Map.of("message", ErrorJson.refusal(refused).text()));
        }
    }

    /** One after the other, on the feed's thread, which is never held up. */
    private void changed(Change change) {
        if (!change.key().isNone() && !change.key().top().startsWith(prefix)) {
            return;
        }
        long now = System.nanoTime();
        if (now - secondNanos > SECOND_NANOS) {
            secondNanos = now;
            ofThisSecond = 0;
        }
        ofThisSecond++;
        if (ofThisSecond > CHANGES_A_SECOND || !stream.hasRoom()) {
            skipped.incrementAndGet();
            return;
        }
        try {
            long missed = skipped.getAndSet(0);
            if (missed > 0) {
                tell("gap", Map.of("changes", missed));
            }
            tell("change", KeysView.change(change));
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
