package io.tuli.cli;

import io.tuli.ServiceReport;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.LiveScreen;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import io.tuli.view.GroupRows;
import io.tuli.view.ServiceRows;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Who holds what: a live table on a terminal, a snapshot elsewhere. */
final class LsCommand implements Command {

    private static final long REPAINT_NANOS = 1_000_000_000;

    private static final Parameter ONLY = Parameter.optional("<service>", "Only this service.");
    private static final Option ONCE = Option.flag("--once", "Print the table once and exit.");

    static final Grammar GRAMMAR =
            Grammar.of("ls", "Show every member of every service, live; a snapshot when piped.")
                    .with(ONLY)
                    .with(ONCE);

    private final Invocation tuli;
    private final @Nullable String service;
    private final boolean once;

    LsCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.service = arguments.optional(ONLY).orElse(null);
        this.once = arguments.has(ONCE);
    }

    @Override
    public Exit run() {
        try (Session session = Session.open(tuli)) {
            if (service != null) {
                session.requireService(service);
            }
            if (tuli.isJson()) {
                tuli.terminal().line(Json.of(rows(session).services().json()));
            } else if (once || !tuli.terminal().isInteractive()) {
                for (String line : lines(rows(session), "")) {
                    tuli.terminal().line(line);
                }
            } else {
                live(session);
            }
            return Exit.OK;
        }
    }

    /** What is shown of services, and of the groups that read them. */
    private record Rows(ServiceRows services, GroupRows groups) {}

    private Rows rows(Session session) {
        List<ServiceReport> reports = new ArrayList<>();
        if (service != null) {
            reports.addAll(session.reports(service));
        } else {
            session.mesh().services().forEach(each -> reports.addAll(session.reports(each.name())));
        }
        return new Rows(new ServiceRows(reports), new GroupRows(reports));
    }

    /** Runs until the process is told to go. */
    private void live(Session session) {
        try (LiveScreen screen = new LiveScreen(tuli.terminal(), tuli.shutdown())) {
            long commits = -1;
            long seenAt = 0;
            while (!tuli.shutdown().isUnderWay()) {
                long began = System.nanoTime();
                Rows all = rows(session);
                ServiceRows rows = all.services();
                long now = System.nanoTime();
                double perSecond =
                        commits < 0
                                ? 0
                                : Math.max(0, rows.commits() - commits) * 1e9 / (now - seenAt);
                commits = rows.commits();
                seenAt = now;
                String rest =
                        " · "
                                + Amount.rate(perSecond)
                                + " writes/s · "
                                + LocalTime.now(ZoneId.systemDefault())
                                        .truncatedTo(ChronoUnit.SECONDS)
                                + "  (Ctrl-C to stop)";
                screen.paint(lines(all, rest));
                LockSupport.parkNanos(REPAINT_NANOS - (System.nanoTime() - began));
            }
        }
    }

    private List<String> lines(Rows all, String rest) {
        ServiceRows rows = all.services();
        List<String> lines = new ArrayList<>(rows.table().lines(tuli.palette()));
        if (!all.groups().isEmpty()) {
            lines.add("");
            lines.addAll(all.groups().table().lines(tuli.palette()));
            lines.add("");
        }
        String footer =
                Amount.of(rows.servers(), "member")
                        + " · "
                        + Amount.of(rows.partitions(), "partition")
                        + rest;
        lines.add(tuli.palette().paint(Colour.FAINT, footer));
        return lines;
    }
}
