package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.Versioned;
import io.tuli.codec.JsonCodec;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.JsonLayout;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import io.tuli.terminal.Rows;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prints the value at a key, or a whole service. One key is read at its owner; only more than that
 * needs the state fetched.
 */
final class GetCommand implements Command {

    private static final Parameter KEY =
            Parameter.optional(
                    "<key>", "Key, as in 28 or 28.address.city; all documents unless said.");
    private static final Option WATCH =
            Option.flag("-w --watch", "Print it again whenever it changes, until stopped.");
    private static final Option TABLE =
            Option.perhaps(
                    "--table",
                    "<field>",
                    "As a table of these fields, comma-separated; of all unless said.");
    private static final Option SORT =
            Option.value("--sort", "<field>", "Order by a field; -field the other way round.");
    private static final Option WHERE =
            Option.value(
                    "--where",
                    "<field=text>",
                    "Only entries with the text in the field, in any case; may be repeated.");

    private static final Option VERSIONED =
            Option.flag(
                    "--versioned",
                    "With the version of the key's document, for --if-version, and when it goes by"
                            + " itself; fetches the state.");

    static final Grammar GRAMMAR =
            Grammar.of("get", "Print the value at a key, or the whole service.")
                    .with(SERVICE)
                    .with(KEY)
                    .with(List.of(WATCH, TABLE, SORT, WHERE, VERSIONED));

    private final Invocation tuli;
    private final Arguments arguments;
    private final String service;
    private final @Nullable String key;

    GetCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.service = arguments.word(SERVICE);
        this.key = arguments.optional(KEY).orElse(null);
    }

    @Override
    public Exit run() {
        try (Session session = Session.open(tuli)) {
            if (arguments.has(VERSIONED)) {
                tuli.terminal().line(versioned(session));
            } else if (arguments.has(WATCH)) {
                LiveValue live = new LiveValue(tuli, session.replica(service));
                live.show(replica -> render(valueIn(replica)));
            } else {
                Payload value =
                        key == null
                                ? valueIn(session.replica(service))
                                : session.await(
                                        session.sender(service).read(key, Payload.class).reply());
                if (value == null) {
                    throw new MissingKey(tuli, session, service, String.valueOf(key)).failure();
                }
                tuli.terminal().line(render(value));
            }
            return Exit.OK;
        }
    }

    private String versioned(Session session) {
        if (key == null || !Key.parse(key).isTop() || arguments.has(WATCH)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "--versioned needs the key of one whole document, and is not watched: key="
                            + key);
        }
        Service<Payload> replica = session.replica(service);
        Versioned<Payload> found = replica.versioned(key);
        Optional<Instant> expires = replica.expiresAt(key);
        if (!found.exists()) {
            throw new MissingKey(tuli, session, service, key).failure();
        }
        if (!tuli.isJson()) {
            return render(found.value())
                    + "\nversion "
                    + found.version()
                    + expires.map(GetCommand::rest).orElse("");
        }
        Map<String, @Nullable Object> both = new LinkedHashMap<>();
        both.put("value", found.value());
        both.put("version", found.version().toString());
        both.put("expires", expires.map(Instant::toString).orElse(null));
        return Json.of(both);
    }

    private static String rest(Instant expires) {
        long millis = Math.max(0, expires.toEpochMilli() - System.currentTimeMillis());
        return "\nexpires " + expires + ", in " + Amount.upTime(millis);
    }

    /** The value in a live replica; null where there is none. */
    private @Nullable Payload valueIn(Service<Payload> replica) {
        return key != null
                ? replica.get(key, Payload.class)
                : Payload.json(Json.of(new TreeMap<>(replica.state())));
    }

    private String render(@Nullable Payload value) {
        if (value == null) {
            return "null";
        }
        boolean isChosen = arguments.has(SORT) || arguments.has(WHERE);
        if (!arguments.has(TABLE) && !isChosen) {
            return layout(Json.of(value));
        }
        Rows rows = Rows.of(new JsonCodec(Limits.defaults()).decode(value, Object.class));
        for (String condition : arguments.texts(WHERE)) {
            rows = rows.where(condition);
        }
        for (String order : arguments.texts(SORT)) {
            rows = rows.sortedBy(order);
        }
        if (!arguments.has(TABLE) || tuli.isJson()) {
            return layout(Json.of(rows.json()));
        }
        List<String> fields =
                arguments.texts(TABLE).stream()
                        .flatMap(text -> Stream.of(text.split(",")))
                        .filter(field -> !field.isEmpty())
                        .toList();
        return String.join("\n", rows.table(fields).lines(tuli.palette()));
    }

    private String layout(String json) {
        return tuli.isJson() ? json : JsonLayout.of(json, tuli.palette());
    }
}
