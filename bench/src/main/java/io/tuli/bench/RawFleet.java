package io.tuli.bench;

import io.tuli.load.RawClientMain;
import io.tuli.load.RawServerMain;
import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Starts a server and a client of plain sockets. */
final class RawFleet {

    private RawFleet() {}

    static Fleet start(Options options, Path logs) {
        ChildProcess server =
                TuliFleet.child("raw-server", RawServerMain.class.getName(), options, logs);
        ChildProcess client =
                TuliFleet.child("raw-client", RawClientMain.class.getName(), options, logs);
        Words link = Words.none().with("link", options.text("link"));
        if (options.text("link").equals("unix")) {
            link = link.with("socket", logs.resolve("raw-" + UUID.randomUUID()));
        }
        int port = server.ask("listen", link, Fleet.PATIENCE).get("port").asInt();
        Words words =
                link.with("port", port)
                        .with("size", options.number("size"))
                        .with("keys", 1)
                        .with("window", options.number("window"));
        client.ask("join", words, Fleet.PATIENCE);
        return new Fleet(List.of(server), List.of(), client, Fleet.Holder.NOBODY);
    }
}
