package io.tuli.inspect;

import static io.tuli.terminal.Table.cell;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.agreement.KeptRing;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.error.Nearest;
import io.tuli.staging.KeptServices;
import io.tuli.staging.Notes;
import io.tuli.storage.Disk;
import io.tuli.storage.FileDisk;
import io.tuli.storage.JournalBackup;
import io.tuli.storage.JournalException;
import io.tuli.storage.JournalReport;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import io.tuli.terminal.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks into a member's directory while the member is not there. Only repair, adopt and accept
 * change something, and leave what was there aside.
 */
public final class LogCommand implements Command {

    private static final String LS = "ls";
    private static final String VERIFY = "verify";
    private static final String DUMP = "dump";
    private static final String REPAIR = "repair";
    private static final String ACCEPT = "accept";
    private static final String ADOPT = "adopt";
    private static final String BACKUP = "backup";
    private static final List<String> ACTIONS =
            List.of(LS, VERIFY, DUMP, BACKUP, REPAIR, ACCEPT, ADOPT);
    private static final Parameter ACTION =
            Parameter.one(
                    String.join("|", ACTIONS),
                    "ls lists its files; verify reads all of it, as a restart does: exit code"
                            + " 1 where it is damaged, 0 where it is whole or a crash has cut"
                            + " its end. dump prints what it says, a line for each record,"
                            + " damaged or not. backup copies it, also while its member is"
                            + " running, and verifies the copy. repair says what of a damaged"
                            + " one is lost, and with --yes goes on with the rest, as another"
                            + " node; adopt does so with a whole one, as a backup is. accept"
                            + " gives up nodes that a restart waits for.");
    private static final Option DIRECTORY =
            Option.value("--data", "<directory>", "The member's directory, its data.dir.");

    private static final Option KEY =
            Option.value("--key", "<key>", "dump: only records that change this document.");
    private static final Option TO =
            Option.value("--to", "<directory>", "backup: where the copy goes; made, or empty.");
    private static final Option YES =
            Option.flag("--yes", "repair: what it says to be lost may be.");
    private static final Option WITHOUT =
            Option.value("--without", "<node>", "accept: whom to go on without, as ls names them.");

    public static final Grammar GRAMMAR =
            Grammar.of("log", "Look into a member's directory, or copy it.")
                    .with(ACTION)
                    .with(DIRECTORY)
                    .with(List.of(KEY, TO, YES, WITHOUT));

    private final Invocation tuli;
    private final Arguments arguments;
    private final String action;
    private final Path directory;
    private final KeptServices kept = new KeptServices();

    public LogCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.action = arguments.word(ACTION);
        if (!ACTIONS.contains(action)) {
            throw refused("there is no log " + action + Nearest.question(action, ACTIONS));
        }
        this.directory =
                Path.of(
                        arguments
                                .text(DIRECTORY)
                                .orElseThrow(() -> refused("say whose: --data <directory>")));
    }

    private static TuliException refused(String why) {
        return new TuliException(Failure.BAD_REQUEST, why);
    }

    @Override
    public Exit run() {
        try {
            return switch (action) {
                case DUMP -> dump();
                case BACKUP -> backup();
                case REPAIR -> new LogRescue(tuli, directory).repair(arguments.has(YES));
                case ADOPT -> new LogRescue(tuli, directory).adopt();
                case ACCEPT -> new LogRescue(tuli, directory).accept(arguments.texts(WITHOUT));
                default -> look();
            };
        } catch (IOException unreadable) {
            throw refused("a directory must be there and be readable: " + unreadable);
        } catch (JournalException unfit) {
            throw refused(unfit.getMessage() + " data=" + directory);
        }
    }

    private Exit dump() throws IOException {
        try (Disk disk = FileDisk.reading(directory)) {
            return new LogDump(tuli, arguments.text(KEY).orElse(null)).of(disk);
        }
    }

    private Exit backup() throws IOException {
        Path to =
                Path.of(
                        arguments
                                .text(TO)
                                .orElseThrow(() -> refused("say where to: --to <directory>")));
        JournalReport report = copy(to);
        if (tuli.isJson()) {
            tuli.terminal().line(Json.of(json(report)));
        } else {
            tuli.terminal().line(verdict(report));
            tuli.terminal()
                    .line(
                            to
                                    + " is as a crash would have left it. To go on with it: tuli"
                                    + " log adopt --data "
                                    + to);
        }
        return Exit.OK;
    }

    private JournalReport copy(Path to) throws IOException {
        try {
            JournalBackup.make(directory, to);
            return read(to);
        } catch (FileAlreadyExistsException taken) {
            throw refused("a copy is made in a directory that is new or empty: --to " + to);
        } catch (IllegalArgumentException inside) {
            throw refused(String.valueOf(inside.getMessage()));
        }
    }

    private Exit look() throws IOException {
        JournalReport report = read(directory);
        if (tuli.isJson()) {
            tuli.terminal().line(Json.of(json(report)));
        } else if (action.equals(LS)) {
            tuli.terminal().line("node " + node(report) + "   boot " + report.boot());
            table(report).lines(tuli.palette()).forEach(tuli.terminal()::line);
            services().forEach((name, what) -> tuli.terminal().line(name + ": " + what));
        } else {
            tuli.terminal().line(verdict(report));
        }
        return action.equals(VERIFY) && report.damage() != null ? Exit.FAILED : Exit.OK;
    }

    private JournalReport read(Path from) throws IOException {
        try (Disk disk = FileDisk.reading(from)) {
            return JournalReport.of(disk, kept);
        }
    }

    private static String node(JournalReport report) {
        return String.format("%016x", report.id().node());
    }

    private static String verdict(JournalReport report) {
        JournalException damage = report.damage();
        long blocks = report.segments().stream().mapToLong(JournalReport.Segment::blocks).sum();
        String read = "segments=" + report.segments().size() + " blocks=" + blocks;
        if (damage != null) {
            return "damaged: " + damage.getMessage() + "; whole before that: " + read;
        }
        return report.torn() == null
                ? "whole: " + read
                : "whole, but for an end that a crash has cut, where nothing was kept yet: "
                        + read
                        + " "
                        + report.torn();
    }

    /** What each service was when it was served last, and by whom. */
    private Map<String, String> services() {
        Map<String, String> services = new TreeMap<>();
        kept.notes()
                .all()
                .forEach(
                        (key, value) -> {
                            if (key.startsWith(Notes.SERVICE)) {
                                String name = key.substring(Notes.SERVICE.length());
                                services.put(name, what(name, value));
                            }
                        });
        return services;
    }

    private String what(String name, byte[] value) {
        String text = new String(value, StandardCharsets.UTF_8);
        byte[] ring = kept.notes().all().get(Notes.RING + name);
        String servers = ring == null ? "" : KeptRing.nodes(KeptRing.read(ring).servers());
        return "partitions=" + text.replaceFirst(" ", " placing=") + " servers=" + servers;
    }

    private static Table table(JournalReport report) {
        Table table =
                new Table(
                        Table.left("SEGMENT"),
                        Table.right("BOOT"),
                        Table.right("BYTES"),
                        Table.right("BLOCKS"),
                        Table.right("RECORD-BYTES"));
        for (JournalReport.Segment each : report.segments()) {
            table.add(
                    List.of(
                            cell(each.name()),
                            cell(each.boot()),
                            cell(each.bytes()),
                            cell(each.blocks()),
                            cell(each.recordBytes())));
        }
        return table;
    }

    private Map<String, Object> json(JournalReport report) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("node", node(report));
        object.put("boot", report.boot());
        JournalException damage = report.damage();
        object.put("isWhole", damage == null);
        if (damage != null) {
            object.put("damage", String.valueOf(damage.getMessage()));
        }
        String torn = report.torn();
        if (torn != null) {
            object.put("torn", torn);
        }
        List<Object> segments = new ArrayList<>();
        for (JournalReport.Segment each : report.segments()) {
            Map<String, Object> segment = new LinkedHashMap<>();
            segment.put("name", each.name());
            segment.put("boot", each.boot());
            segment.put("bytes", each.bytes());
            segment.put("blocks", each.blocks());
            segment.put("recordBytes", each.recordBytes());
            segments.add(segment);
        }
        object.put("services", services());
        object.put("segments", segments);
        return object;
    }
}
