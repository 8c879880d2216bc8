package io.tuli.cli;

import static io.tuli.terminal.Table.cell;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.error.Nearest;
import io.tuli.settings.Origin;
import io.tuli.settings.Settings;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import io.tuli.terminal.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows what options, properties and environment come to, and where each value is from. */
final class ConfigCommand implements Command {

    private static final String SHOW = "show";

    private static final Parameter ACTION =
            Parameter.optional(SHOW, "What to do with them; there is only show.");
    private static final Option ORIGIN = Option.flag("--origin", "Say where each value is from.");

    static final Grammar GRAMMAR =
            Grammar.of("config", "Show the settings in force.").with(ACTION).with(ORIGIN);

    private final Invocation tuli;
    private final String action;
    private final boolean hasOrigin;

    ConfigCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.action = arguments.optional(ACTION).orElse(SHOW);
        this.hasOrigin = arguments.has(ORIGIN);
    }

    @Override
    public Exit run() {
        if (!action.equals(SHOW)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "there is no config " + action + Nearest.question(action, List.of(SHOW)));
        }
        tuli.settings().warnings().forEach(tuli::note);
        List<Settings.Chosen> settings = tuli.settings().chosen();
        if (tuli.isJson()) {
            tuli.terminal().line(Json.of(settings.stream().map(this::json).toList()));
        } else {
            table(settings).lines(tuli.palette()).forEach(tuli.terminal()::line);
        }
        return Exit.OK;
    }

    private Map<String, Object> json(Settings.Chosen chosen) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", chosen.setting().name());
        object.put("value", chosen.shown());
        if (hasOrigin) {
            object.put("origin", origin(chosen));
        }
        return object;
    }

    /** What a program says in code, here the command line says. */
    private static String origin(Settings.Chosen chosen) {
        return chosen.origin().kind() == Origin.Kind.CODE
                ? "command line"
                : chosen.origin().toString();
    }

    private Table table(List<Settings.Chosen> settings) {
        List<Table.Column> columns = new ArrayList<>();
        columns.add(Table.left("NAME"));
        columns.add(Table.left("VALUE"));
        if (hasOrigin) {
            columns.add(Table.left("ORIGIN"));
        }
        Table table = new Table(columns);
        for (Settings.Chosen chosen : settings) {
            List<Table.Cell> cells = new ArrayList<>();
            cells.add(cell(chosen.setting().name(), Colour.CYAN));
            cells.add(cell(chosen.shown()));
            if (hasOrigin) {
                cells.add(cell(origin(chosen), Colour.FAINT));
            }
            table.add(cells);
        }
        return table;
    }
}
