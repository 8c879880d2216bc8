package io.tuli.cli;

import static io.tuli.terminal.Table.cell;

import io.tuli.Key;
import io.tuli.Member;
import io.tuli.Partitioner;
import io.tuli.ServiceReport.FollowerReport;
import io.tuli.ServiceReport.PartitionReport;
import io.tuli.protocol.ServiceSpec;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Json;
import io.tuli.terminal.Table;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains where keys are: the members' shares, every partition, or one key. */
@Command(
        name = "ring",
        description = "Show who owns how much of a service, each partition, or one key.")
final class RingCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Parameters(index = "0", paramLabel = "<service>", description = "Name of the service.")
    private String service = "";

    @Option(
            names = {"-k", "--key"},
            paramLabel = "<key>",
            description = "Only the partition of this key.")
    private @Nullable String key;

    @Option(
            names = {"-p", "--partitions"},
            description = "Each partition with its owner, epoch and followers.")
    private boolean isDetailed;

    RingCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        Key wanted = key == null ? Key.NONE : Key.parse(key);
        try (Session session = Session.open(tuli)) {
            session.requireService(service);
            RingView ring = new RingView(session.reports(service), session.mesh().members());
            if (!wanted.isNone()) {
                explain(ring, wanted);
            } else if (tuli.isJson()) {
                tuli.terminal().line(Json.of(ring.json(service)));
            } else {
                (isDetailed ? partitions(ring) : shares(ring))
                        .lines(tuli.palette())
                        .forEach(tuli.terminal()::line);
                ring.moved().ifPresent(moved -> tuli.terminal().line(footer(ring, moved)));
            }
            return Exit.OK.code();
        }
    }

    private void explain(RingView ring, Key wanted) {
        ServiceSpec spec =
                new ServiceSpec(
                        ServiceSpec.numberOf(service),
                        service,
                        ring.partitions(),
                        false,
                        Partitioner.TOP_LEVEL);
        RingView.Place place = ring.place(spec.partitionOf(wanted.top()));
        if (tuli.isJson()) {
            Map<String, @Nullable Object> object = ring.json(place);
            object.put("key", wanted.toString());
            tuli.terminal().line(Json.of(object));
        } else {
            tuli.terminal().line("key " + wanted + " → " + sentence(ring, place));
        }
    }

    private static String sentence(RingView ring, RingView.Place place) {
        Member owner = place.owner();
        PartitionReport report = place.report();
        if (owner == null || report == null) {
            return "partition " + place.number() + " → nobody owns it now";
        }
        return "partition "
                + place.number()
                + " → owner "
                + owner.name()
                + " (epoch "
                + report.epoch().number()
                + ", end "
                + report.end().offset()
                + ")"
                + (place.followers().isEmpty() ? ", no followers" : ", followers ")
                + followers(ring, place);
    }

    private static String followers(RingView ring, RingView.Place place) {
        return place.followers().stream()
                .map(follower -> follower(ring, place, follower))
                .collect(Collectors.joining(", "));
    }

    private static String follower(RingView ring, RingView.Place place, FollowerReport follower) {
        return ring.nameOf(follower.member())
                + " ("
                + Amount.count(place.behind(follower))
                + " behind)";
    }

    private static Table shares(RingView ring) {
        Table table =
                new Table(
                        Table.left("MEMBER"),
                        Table.left("ADDRESS"),
                        Table.right("OWNED"),
                        Table.right("SHARE"),
                        Table.right("IDEAL"));
        for (Member server : ring.servers()) {
            int owned = ring.ownedBy(server);
            table.add(
                    List.of(
                            cell(server.name()),
                            cell(server.address()),
                            cell(owned),
                            cell(Amount.percent(owned, ring.partitions())),
                            cell(Amount.percent(1, ring.servers().size()))));
        }
        return table;
    }

    private static Table partitions(RingView ring) {
        Table table =
                new Table(
                        Table.right("PARTITION"),
                        Table.left("OWNER"),
                        Table.right("EPOCH"),
                        Table.right("END"),
                        Table.left("FOLLOWERS"));
        for (int number = 0; number < ring.partitions(); number++) {
            RingView.Place place = ring.place(number);
            Member owner = place.owner();
            PartitionReport report = place.report();
            table.add(
                    List.of(
                            cell(number),
                            owner == null ? cell("nobody", Colour.RED) : cell(owner.name()),
                            cell(report == null ? "" : report.epoch().number()),
                            cell(report == null ? "" : Amount.count(report.end().offset())),
                            cell(followers(ring, place))));
        }
        return table;
    }

    private String footer(RingView ring, RingView.Moved moved) {
        return tuli.palette()
                .paint(Colour.FAINT, Amount.of(ring.partitions(), "partition") + " · " + moved);
    }
}
