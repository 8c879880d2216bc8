package io.tuli.cli;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.Payload;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Json;
import io.tuli.terminal.Palette;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints changes as they are committed: JSON lines in a pipe, lines for people on a terminal. */
@Command(name = "watch", description = "Print every change as it is committed, until stopped.")
final class WatchCommand implements Callable<Integer> {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final TuliCommand tuli;

    @Parameters(index = "0", paramLabel = "<service>", description = "Name of the service.")
    private String service = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "<pattern>",
            description =
                    "Only keys that match: * stands for one segment, a last * for any number, as in"
                            + " eu.*.")
    private @Nullable String pattern;

    @Option(
            names = "--verbs",
            split = ",",
            paramLabel = "<verb>",
            description = "Only these, comma-separated: update, add, remove.")
    private List<String> verbs = List.of();

    @Option(
            names = "--from",
            paramLabel = "<place>",
            description = "Where to begin: latest (unless said), start, or a time ago as in 5m.")
    private String from = "latest";

    @Option(names = "--count", paramLabel = "<n>", description = "Stop after so many changes.")
    private long count = Long.MAX_VALUE;

    WatchCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        Position place = position(from, Instant.now());
        try (Session session = Session.open(tuli)) {
            Service<Payload> replica = session.replica(service);
            Feed<Change> feed = replica.feed().from(place);
            feed = pattern == null ? feed : feed.keys(pattern);
            feed = verbs.isEmpty() ? feed : feed.verbs(verbs.toArray(String[]::new));
            follow(feed);
            return Exit.OK.code();
        }
    }

    private void follow(Feed<Change> feed) {
        AtomicLong left = new AtomicLong(count);
        CountDownLatch done = new CountDownLatch(1);
        try (Feed.Subscription subscription =
                feed.each(
                        change -> {
                            long remaining = left.getAndDecrement();
                            if (remaining > 0) {
                                tuli.terminal().line(render(change));
                            }
                            if (remaining <= 1 || tuli.terminal().out().checkError()) {
                                done.countDown();
                            }
                        })) {
            subscription.ended().whenComplete((end, failed) -> done.countDown());
            tuli.note("watching " + service + "; Ctrl-C to stop");
            done.await();
            if (left.get() > 0 && !tuli.terminal().out().checkError()) {
                subscription.ended().toCompletableFuture().join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    static Position position(String text, Instant now) {
        switch (text) {
            case "latest" -> {
                return Position.latest();
            }
            case "start" -> {
                return Position.start();
            }
            default -> {
                try {
                    boolean isInstant = text.length() > 10 && text.charAt(4) == '-';
                    return Position.time(
                            isInstant ? Instant.parse(text) : now.minus(Amount.duration(text)));
                } catch (DateTimeParseException | TuliException wrong) {
                    throw new TuliException(
                            Failure.BAD_REQUEST,
                            "--from is latest, start, a time ago or an instant: "
                                    + text
                                    + "; try 5m or 2027-01-31T12:00:00Z");
                }
            }
        }
    }

    private String render(Change change) {
        boolean isForPeople = tuli.terminal().isInteractive() && !tuli.isJson();
        return isForPeople ? line(change) : Json.of(json(service, change));
    }

    static Map<String, @Nullable Object> json(String service, Change change) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("service", service);
        object.put("partition", change.partition());
        object.put("position", Json.position(change.position()));
        object.put("time", change.time().toString());
        object.put("verb", change.verb());
        object.put("key", change.key().toString());
        object.put("value", change.payload());
        return object;
    }

    private String line(Change change) {
        Palette palette = tuli.palette();
        String value = change.payload().isNone() ? "" : " = " + Json.of(change.payload());
        return palette.paint(Colour.FAINT, CLOCK.format(change.time()))
                + "  "
                + palette.paint(colourOf(change.kind()), String.format("%-6s", change.verb()))
                + "  "
                + palette.paint(Colour.CYAN, change.key().toString())
                + value
                + palette.paint(
                        Colour.FAINT,
                        "   "
                                + change.partition()
                                + "@"
                                + change.position().epoch().number()
                                + ":"
                                + change.position().offset());
    }

    private static Colour colourOf(Change.Kind kind) {
        return switch (kind) {
            case ADD -> Colour.GREEN;
            case UPDATE, INCREMENT -> Colour.YELLOW;
            case REMOVE, RESET -> Colour.RED;
        };
    }
}
