package io.tuli.cli;

import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.codec.JsonCodec;
import io.tuli.terminal.Json;
import io.tuli.terminal.JsonLayout;
import io.tuli.terminal.Rows;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Prints the value at a key, or a whole service. One key is read at its owner; only more than that
 * needs the state fetched.
 */
@Command(name = "get", description = "Print the value at a key, or the whole service.")
final class GetCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Parameters(index = "0", paramLabel = "<service>", description = "Name of the service.")
    private String service = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "<key>",
            description = "Key, as in 28 or 28.address.city; all documents unless said.")
    private @Nullable String key;

    @Option(
            names = {"-w", "--watch"},
            description = "Print it again whenever it changes, until stopped.")
    private boolean watch;

    @Option(
            names = "--table",
            arity = "0..1",
            split = ",",
            fallbackValue = "",
            paramLabel = "<field>",
            description = "As a table of these fields, comma-separated; of all unless said.")
    private @Nullable List<String> columns;

    @Option(
            names = "--sort",
            paramLabel = "<field>",
            description = "Order by a field; -field the other way round.")
    private @Nullable String order;

    @Option(
            names = "--where",
            paramLabel = "<field=text>",
            description = "Only entries with the text in the field, in any case; may be repeated.")
    private List<String> conditions = List.of();

    GetCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        try (Session session = Session.open(tuli)) {
            if (watch) {
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
                tuli.terminal().out().println(render(value));
            }
            return Exit.OK.code();
        }
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
        boolean isChosen = order != null || !conditions.isEmpty();
        if (columns == null && !isChosen) {
            return layout(Json.of(value));
        }
        Rows rows = Rows.of(new JsonCodec(Limits.defaults()).decode(value, Object.class));
        for (String condition : conditions) {
            rows = rows.where(condition);
        }
        if (order != null) {
            rows = rows.sortedBy(order);
        }
        if (columns == null || tuli.isJson()) {
            return layout(Json.of(rows.json()));
        }
        List<String> fields = columns.stream().filter(field -> !field.isEmpty()).toList();
        return String.join("\n", rows.table(fields).lines(tuli.palette()));
    }

    private String layout(String json) {
        return tuli.isJson() ? json : JsonLayout.of(json, tuli.palette());
    }
}
