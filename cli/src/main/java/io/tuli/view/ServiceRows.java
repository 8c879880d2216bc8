package io.tuli.view;

import static io.tuli.terminal.Table.cell;

import io.tuli.ServiceReport;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What members know of services, one row for each member of each service. Immutable. */
public final class ServiceRows {

    /** Of the digests of one service, the most common first. */
    private static final List<Colour> BY_FREQUENCY = List.of(Colour.GREEN, Colour.YELLOW);

    private final List<ServiceReport> reports;

    /** Takes the reports of all services; clients that hold no replica have nothing to show. */
    public ServiceRows(List<ServiceReport> reports) {
        this.reports =
                reports.stream()
                        .filter(report -> report.isServing() || report.replicas() > 0)
                        .sorted(
                                Comparator.comparing(ServiceReport::service)
                                        .thenComparing(report -> !report.isServing())
                                        .thenComparing(report -> report.member().name())
                                        .thenComparing(report -> report.member().id()))
                        .toList();
    }

    public Table table() {
        Table table =
                new Table(
                        Table.left("SERVICE"),
                        Table.left("MEMBER"),
                        Table.left("ADDRESS"),
                        Table.left("STATE"),
                        Table.right("OWNED"),
                        Table.right("REPLICA"),
                        Table.right("COMMITS"),
                        Table.right("LAG"),
                        Table.left("DIGEST"),
                        Table.right("UP"));
        for (ServiceReport report : reports) {
            table.add(
                    List.of(
                            cell(report.service()),
                            cell(report.member().name()),
                            cell(address(report)),
                            cell(report.state(), colourOf(report.state())),
                            cell(Amount.count(report.owned())),
                            cell(Amount.count(report.replicas())),
                            cell(Amount.count(report.commits())),
                            cell(
                                    Amount.count(report.lag()),
                                    report.lag() == 0 ? Colour.PLAIN : Colour.YELLOW),
                            cell(digest(report).substring(0, 8), digestColour(report)),
                            cell(Amount.upTime(report.upMillis()))));
        }
        return table;
    }

    /** Rows of exactly ten fields: scripts depend on their names. */
    public List<Map<String, Object>> json() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (ServiceReport report : reports) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("service", report.service());
            row.put("member", report.member().id().toString());
            row.put("address", address(report));
            row.put("state", report.state());
            row.put("owned", report.owned());
            row.put("replicas", report.replicas());
            row.put("commits", report.commits());
            row.put("lag", report.lag());
            row.put("digest", digest(report));
            row.put("uptimeSeconds", report.upMillis() / 1_000);
            rows.add(row);
        }
        return rows;
    }

    /** Green for what most members of the service hold, yellow for the next, red for the rest. */
    public Colour digestColour(ServiceReport report) {
        Map<Long, Integer> holders = new LinkedHashMap<>();
        reports.stream()
                .filter(other -> other.service().equals(report.service()))
                .forEach(other -> holders.merge(other.digest(), 1, Integer::sum));
        List<Long> mostCommonFirst =
                holders.keySet().stream()
                        .sorted(Comparator.comparingInt(digest -> -holders.getOrDefault(digest, 0)))
                        .toList();
        int place = mostCommonFirst.indexOf(report.digest());
        return place < BY_FREQUENCY.size() ? BY_FREQUENCY.get(place) : Colour.RED;
    }

    /** How many servers there are, each counted once. */
    public long servers() {
        return reports.stream()
                .filter(ServiceReport::isServing)
                .map(report -> report.member().id())
                .distinct()
                .count();
    }

    /** Partitions of all services together. */
    public long partitions() {
        return mostByService(report -> report.partitions().size());
    }

    /** Committed entries of all services together, each counted once. */
    public long commits() {
        return mostByService(ServiceReport::commits);
    }

    private long mostByService(java.util.function.ToLongFunction<ServiceReport> number) {
        Map<String, Long> most = new HashMap<>();
        reports.forEach(
                report -> most.merge(report.service(), number.applyAsLong(report), Math::max));
        return most.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Colour colourOf(String state) {
        return switch (state) {
            case "ready" -> Colour.PLAIN;
            case "broken" -> Colour.RED;
            default -> Colour.YELLOW;
        };
    }

    private static String address(ServiceReport report) {
        return report.member().port() == 0 ? "client" : report.member().address();
    }

    private static String digest(ServiceReport report) {
        return String.format("%016x", report.digest());
    }
}
