package io.tuli.cli;

import static io.tuli.terminal.Table.cell;

import io.tuli.Key;
import io.tuli.Member;
import io.tuli.Partitioner;
import io.tuli.ServiceReport.FollowerReport;
import io.tuli.ServiceReport.PartitionReport;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.protocol.ServiceSpec;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Table;
import io.tuli.view.RingView;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Explains where keys are: the members' shares, every partition, or one key. */
final class RingCommand implements Command {

    private static final Option KEY =
            Option.value("-k --key", "<key>", "Only the partition of this key.");
    private static final Option PARTITIONS =
            Option.flag("-p --partitions", "Each partition with its owner, epoch and followers.");

    static final Grammar GRAMMAR =
            Grammar.of("ring", "Show who owns how much of a service, each partition, or one key.")
                    .with(SERVICE)
                    .with(List.of(KEY, PARTITIONS));

    private final Invocation tuli;
    private final Arguments arguments;
    private final String service;

    RingCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.service = arguments.word(SERVICE);
    }

    @Override
    public Exit run() {
        Key wanted = Key.parse(arguments.text(KEY).orElse(""));
        try (Session session = Session.open(tuli)) {
            session.requireService(service);
            RingView ring = new RingView(session.reports(service), session.mesh().members());
            if (!wanted.isNone()) {
                explain(ring, wanted);
            } else if (tuli.isJson()) {
                tuli.terminal().line(Json.of(ring.json(service)));
            } else {
                (arguments.has(PARTITIONS) ? partitions(ring) : shares(ring))
                        .lines(tuli.palette())
                        .forEach(tuli.terminal()::line);
                ring.moved().ifPresent(moved -> tuli.terminal().line(footer(ring, moved)));
            }
            return Exit.OK;
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
