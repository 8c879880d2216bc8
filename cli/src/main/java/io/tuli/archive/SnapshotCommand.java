package io.tuli.archive;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.command.Acknowledged;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.error.Nearest;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Saves what a service holds in a file, a line of JSON for each document, and loads such a file
 * into a service. Each document is as it was at one moment while it was saved; not all at the same.
 */
public final class SnapshotCommand implements Command {

    private static final String SAVE = "save";
    private static final String LOAD = "load";
    private static final List<String> ACTIONS = List.of(SAVE, LOAD);
    private static final Parameter ACTION =
            Parameter.one(
                    String.join("|", ACTIONS),
                    "save writes a new file, a line of JSON for each document, with its version"
                            + " and when it goes by itself. load sets each of them, in a service"
                            + " that is served, whatever its name; documents that have gone by"
                            + " themselves meanwhile are left out.");
    private static final Parameter FILE = Parameter.one("<file>", "Path of the file.");
    private static final Option MISSING =
            Option.flag("--missing", "load: only documents that are not there; others stay.");

    public static final Grammar GRAMMAR =
            Grammar.of("snapshot", "Save a service's documents in a file, or load them from one.")
                    .with(ACTION)
                    .with(SERVICE)
                    .with(FILE)
                    .with(List.of(MISSING, Acknowledged.ACK));

    private final Invocation tuli;
    private final Arguments arguments;
    private final String service;
    private final Path file;

    public SnapshotCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.service = arguments.word(SERVICE);
        this.file = Path.of(arguments.word(FILE));
    }

    @Override
    public Exit run() {
        String action = arguments.word(ACTION);
        try {
            return switch (action) {
                case SAVE -> save();
                case LOAD -> load();
                default ->
                        throw new TuliException(
                                Failure.BAD_REQUEST,
                                "there is no snapshot "
                                        + action
                                        + Nearest.question(action, ACTIONS));
            };
        } catch (IOException failed) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a snapshot's file must be one that can be "
                            + (action.equals(SAVE) ? "made, and be new: " : "read: ")
                            + failed);
        }
    }

    private Exit save() throws IOException {
        SnapshotWriter.requireNew(file);
        try (Session session = Session.open(tuli)) {
            long saved = SnapshotWriter.save(session.replica(service), file);
            if (tuli.isJson()) {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("ok", true);
                facts.put("service", service);
                facts.put("saved", saved);
                facts.put("file", file.toString());
                tuli.terminal().line(Json.of(facts));
            } else {
                tuli.terminal()
                        .line(Amount.of(saved, "document") + " of " + service + " in " + file);
            }
            return Exit.OK;
        }
    }

    /** First all of the file is read, so that of one that is broken nothing is loaded. */
    private Exit load() throws IOException {
        SnapshotReader.Facts facts = SnapshotReader.check(file);
        SnapshotLoad load =
                new SnapshotLoad(
                        Acknowledged.said(arguments), arguments.has(MISSING), tuli.timeout());
        try (Session session = Session.open(tuli)) {
            load.load(session.sender(service), file);
        } finally {
            tell(load, facts);
        }
        load.requireNoFailure();
        return Exit.OK;
    }

    private void tell(SnapshotLoad load, SnapshotReader.Facts facts) {
        if (tuli.isJson()) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("ok", load.isWhole(facts.documents()));
            told.put("service", service);
            told.put("of", facts.service());
            told.put("documents", facts.documents());
            told.put("loaded", load.loaded());
            told.put("kept", load.kept());
            told.put("expired", load.expired());
            tuli.terminal().line(Json.of(told));
        } else {
            tuli.terminal()
                    .line(
                            load.loaded()
                                    + " of "
                                    + Amount.of(facts.documents(), "document")
                                    + " loaded into "
                                    + service
                                    + (load.kept() > 0 ? ", " + load.kept() + " were there" : "")
                                    + (load.expired() > 0
                                            ? ", " + load.expired() + " have expired"
                                            : ""));
        }
    }
}
