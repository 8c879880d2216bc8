package io.tuli.cli;

import static io.tuli.terminal.Table.cell;

import io.tuli.ServiceDescription;
import io.tuli.ServiceReport;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Table;
import io.tuli.view.GroupRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Shows which services there are. */
final class ServicesCommand implements Command {

    static final Grammar GRAMMAR = Grammar.of("services", "Show the services of the mesh.");

    private static final int METHODS_CHARS = 40;

    private final Invocation tuli;

    ServicesCommand(Invocation tuli) {
        this.tuli = tuli;
    }

    @Override
    public Exit run() {
        try (Session session = Session.open(tuli)) {
            List<Line> lines = new ArrayList<>();
            for (ServiceDescription each : session.mesh().services()) {
                lines.add(Line.of(each, session.reports(each.name())));
            }
            if (tuli.isJson()) {
                tuli.terminal().line(Json.of(lines.stream().map(Line::json).toList()));
            } else {
                table(lines).lines(tuli.palette()).forEach(tuli.terminal()::line);
            }
            return Exit.OK;
        }
    }

    private static Table table(List<Line> lines) {
        Table table =
                new Table(
                        Table.left("SERVICE"),
                        Table.right("SERVERS"),
                        Table.right("REPLICAS"),
                        Table.right("PARTITIONS"),
                        Table.right("KEYS"),
                        Table.right("COMMITS"),
                        Table.left("VERSION"),
                        Table.left("METHODS"));
        for (Line line : lines) {
            table.add(
                    List.of(
                            cell(line.described.name()),
                            cell(line.servers),
                            cell(line.replicas),
                            cell(line.partitions),
                            cell(Amount.count(line.keys)),
                            cell(Amount.count(line.commits)),
                            cell(String.join(" ", line.described.versions())),
                            cell(line.methods())));
        }
        return table;
    }

    /** One service; replicas counts all members that hold its state. */
    private record Line(
            ServiceDescription described,
            long servers,
            long replicas,
            long partitions,
            long keys,
            long commits,
            GroupRows groups) {

        static Line of(ServiceDescription described, List<ServiceReport> reports) {
            return new Line(
                    described,
                    reports.stream().filter(ServiceReport::isServing).count(),
                    reports.stream()
                            .filter(report -> report.isServing() || report.replicas() > 0)
                            .count(),
                    most(reports, report -> report.partitions().size()),
                    most(reports, ServiceReport::keys),
                    most(reports, ServiceReport::commits),
                    new GroupRows(reports));
        }

        private static long most(
                List<ServiceReport> reports, ToLongFunction<ServiceReport> number) {
            return reports.stream().mapToLong(number).max().orElse(0);
        }

        /** As many as fit a line; all are in JSON. */
        String methods() {
            String all = String.join(" ", described.methods());
            return all.length() <= METHODS_CHARS
                    ? all
                    : all.substring(0, all.lastIndexOf(' ', METHODS_CHARS - 2) + 1) + "…";
        }

        Map<String, Object> json() {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("service", described.name());
            object.put("servers", servers);
            object.put("replicas", replicas);
            object.put("partitions", partitions);
            object.put("keys", keys);
            object.put("commits", commits);
            object.put("groups", groups.json());
            object.put("stateless", described.isStateless());
            object.put("application", described.application());
            object.put("versions", described.versions());
            object.put("methods", described.methods());
            object.put("events", described.events());
            object.put("options", described.options());
            return object;
        }
    }
}
