package io.tuli.run;

import io.tuli.load.RawClientMain;
import io.tuli.load.RawServerMain;
import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import java.util.List;
import java.util.UUID;

/** Starts a server and a client of plain sockets. */
public final class RawFleet {

    private RawFleet() {}

    public static Fleet start(Launcher launcher) {
        Options options = launcher.options();
        ChildProcess server =
                launcher.server("raw-server", TuliFleet.ours(RawServerMain.class, options));
        ChildProcess client =
                launcher.client("raw-client", TuliFleet.ours(RawClientMain.class, options));
        Words link = Words.none().with("link", options.text("link"));
        if (options.text("link").equals("unix")) {
            link =
                    link.with(
                            "socket",
                            launcher.logs()
                                    .resolve(
                                            "raw-"
                                                    + Integer.toHexString(
                                                            UUID.randomUUID().hashCode())));
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
