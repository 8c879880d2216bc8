package io.tuli.cli;

import static io.tuli.terminal.Table.cell;

import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows who is in the mesh, this command aside. */
final class MembersCommand implements Command {

    static final Grammar GRAMMAR =
            Grammar.of("members", "Show the members of the mesh, oldest first.");

    private final Invocation tuli;

    MembersCommand(Invocation tuli) {
        this.tuli = tuli;
    }

    @Override
    public Exit run() {
        try (Session session = Session.open(tuli)) {
            Mesh mesh = session.mesh();
            session.awaitLinks();
            List<Member> others =
                    mesh.members().stream()
                            .filter(member -> !member.id().equals(mesh.self().id()))
                            .toList();
            if (tuli.isJson()) {
                tuli.terminal().line(Json.of(json(others)));
            } else {
                table(others, mesh.links()).lines(tuli.palette()).forEach(tuli.terminal()::line);
            }
            return Exit.OK;
        }
    }

    private static List<Map<String, Object>> json(List<Member> members) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Member member : members) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("member", member.id().toString());
            row.put("name", member.name());
            row.put("role", role(member));
            row.put("address", member.address());
            rows.add(row);
        }
        return rows;
    }

    private static Table table(List<Member> members, Map<Member, LinkStatus> links) {
        Table table =
                new Table(
                        Table.left("NAME"),
                        Table.left("ROLE"),
                        Table.left("ADDRESS"),
                        Table.left("LINK"),
                        Table.left("MEMBER"));
        for (Member member : members) {
            LinkStatus link = links.getOrDefault(member, LinkStatus.DISCONNECTED);
            table.add(
                    List.of(
                            cell(member.name()),
                            cell(role(member)),
                            cell(member.port() == 0 ? "-" : member.address()),
                            cell(
                                    member.isServer() ? link.name().toLowerCase(Locale.ROOT) : "-",
                                    link == LinkStatus.CONNECTED || !member.isServer()
                                            ? Colour.PLAIN
                                            : Colour.YELLOW),
                            cell(member.id())));
        }
        return table;
    }

    private static String role(Member member) {
        return member.role().name().toLowerCase(Locale.ROOT);
    }
}
