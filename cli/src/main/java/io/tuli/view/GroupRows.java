package io.tuli.view;

import static io.tuli.terminal.Table.cell;

import io.tuli.ServiceReport;
import io.tuli.ServiceReport.GroupReport;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far groups of readers and consumers are, one row for each of each service, as the server of
 * it knows that has committed most. Immutable.
 */
public final class GroupRows {

    private final Map<String, ServiceReport> newest = new TreeMap<>();

    public GroupRows(List<ServiceReport> reports) {
        for (ServiceReport report : reports) {
            if (report.isServing()) {
                newest.merge(
                        report.service(),
                        report,
                        (one, other) -> one.commits() >= other.commits() ? one : other);
            }
        }
    }

    public boolean isEmpty() {
        return newest.values().stream().allMatch(report -> report.groups().isEmpty());
    }

    public Table table() {
        Table table =
                new Table(
                        Table.left("SERVICE"),
                        Table.left("GROUP"),
                        Table.right("LAG"),
                        Table.right("READ"),
                        Table.right("UNACKNOWLEDGED"),
                        Table.right("REJECTED"));
        for (ServiceReport report : newest.values()) {
            for (GroupReport group : report.groups()) {
                boolean isEven = group.lag() == 0;
                boolean isClean = group.rejected() == 0;
                table.add(
                        List.of(
                                cell(report.service()),
                                cell(group.name()),
                                cell(
                                        Amount.count(group.lag()),
                                        isEven ? Colour.PLAIN : Colour.YELLOW),
                                cell(Amount.count(group.readers())),
                                cell(Amount.count(group.unacknowledged())),
                                cell(
                                        Amount.count(group.rejected()),
                                        isClean ? Colour.PLAIN : Colour.RED)));
            }
        }
        return table;
    }

    /** Those of all services, for scripts. */
    public List<Map<String, Object>> json() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (ServiceReport report : newest.values()) {
            for (GroupReport group : report.groups()) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("group", group.name());
                row.put("lag", group.lag());
                row.put("read", group.readers());
                row.put("unacknowledged", group.unacknowledged());
                row.put("rejected", group.rejected());
                rows.add(row);
            }
        }
        return rows;
    }
}
