package io.tuli.cli;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.error.Printable;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Palette;
import io.tuli.terminal.Parameter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Prints changes as they are committed: JSON lines in a pipe, lines for people on a terminal. */
final class WatchCommand implements Command {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private static final Parameter PATTERN =
            Parameter.optional(
                    "<pattern>",
                    "Only keys that match: * stands for one segment, a last * for any number, as in"
                            + " eu.*.");
    private static final Option VERBS =
            Option.value("--verbs", "<verb>", "Only these, comma-separated: update, add, remove.");
    private static final Option FROM =
            Option.value(
                    "--from",
                    "<place>",
                    "Where to begin: latest (unless said), start, or a time ago as in 5m.");
    private static final Option COUNT =
            Option.value("--count", "<n>", "Stop after so many changes.");

    static final Grammar GRAMMAR =
            Grammar.of("watch", "Print every change as it is committed, until stopped.")
                    .with(SERVICE)
                    .with(PATTERN)
                    .with(List.of(VERBS, FROM, COUNT));

    private final Invocation tuli;
    private final Arguments arguments;
    private final String service;

    WatchCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.service = arguments.word(SERVICE);
    }

    @Override
    public Exit run() {
        Position place = position(arguments.text(FROM).orElse("latest"), Instant.now());
        long count = count(arguments.text(COUNT).orElse(""));
        try (Session session = Session.open(tuli)) {
            Service<Payload> replica = session.replica(service);
            Feed<Change> feed = replica.feed().from(place);
            feed = arguments.optional(PATTERN).map(feed::keys).orElse(feed);
            feed = arguments.text(VERBS).map(text -> text.split(",")).map(feed::verbs).orElse(feed);
            follow(feed, count);
            return Exit.OK;
        }
    }

    private void follow(Feed<Change> feed, long count) {
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

    private static long count(String text) {
        if (!text.isEmpty() && !text.matches("[1-9]\\d{0,17}")) {
            throw new TuliException(Failure.BAD_REQUEST, "--count is a number > 0: " + text);
        }
        return text.isEmpty() ? Long.MAX_VALUE : Long.parseLong(text);
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
        if (change.reason() != Change.Reason.REQUEST) {
            object.put("reason", change.reason().name());
        }
        return object;
    }

    private static String place(LogPosition of) {
        String place = of.epoch().number() + ":" + of.offset();
        return of.index() == 0 ? place : place + "+" + of.index();
    }

    private String line(Change change) {
        Palette palette = tuli.palette();
        String value = change.payload().isNone() ? "" : " = " + Json.of(change.payload());
        return palette.paint(Colour.FAINT, CLOCK.format(change.time()))
                + "  "
                + palette.paint(colourOf(change.kind()), String.format("%-6s", change.verb()))
                + "  "
                + palette.paint(Colour.CYAN, Printable.line(change.key().toString()))
                + value
                + (change.reason() == Change.Reason.EXPIRED ? "   expired" : "")
                + palette.paint(
                        Colour.FAINT, "   " + change.partition() + "@" + place(change.position()));
    }

    private static Colour colourOf(Change.Kind kind) {
        return switch (kind) {
            case ADD, PUSH, INCLUDE -> Colour.GREEN;
            case UPDATE, INCREMENT, TOUCH -> Colour.YELLOW;
            case REMOVE, EXCLUDE, RESET -> Colour.RED;
            case EVENT -> Colour.CYAN;
        };
    }
}
