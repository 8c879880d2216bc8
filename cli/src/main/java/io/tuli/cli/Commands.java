package io.tuli.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands there are, in the order help lists them. Reading a command's annotations takes time,
 * so a line that names a command knows only that one; help and complaints know all.
 */
enum Commands {
    SERVE("serve", ServeCommand::new),
    LS("ls", LsCommand::new),
    GET("get", GetCommand::new),
    SET("set", SetCommand::new),
    ADD("add", AddCommand::new),
    RM("rm", RmCommand::new),
    PUSH("push", PushCommand::new),
    PATCH("patch", PatchCommand::new),
    SEND("send", SendCommand::new),
    WATCH("watch", WatchCommand::new),
    RING("ring", RingCommand::new),
    MEMBERS("members", MembersCommand::new),
    SERVICES("services", ServicesCommand::new),
    CONFIG("config", ConfigCommand::new),
    COMPLETION("completion", CompletionCommand::new),
    DEMO("demo", DemoCommand::new),
    VERSION("version", VersionCommand::new),
    HELP("help", HelpCommand::new);

    private final String word;

    @SuppressWarnings("ImmutableEnumChecker") // A constructor.
    private final Function<TuliCommand, Object> maker;

    Commands(String word, Function<TuliCommand, Object> maker) {
        this.word = word;
        this.maker = maker;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(command -> command.word).toList();
    }

    /** The parser of one command line. */
    static CommandLine lineFor(TuliCommand tuli, String... args) {
        Set<String> given = new HashSet<>(Arrays.asList(args));
        List<Commands> named =
                Arrays.stream(values()).filter(command -> given.contains(command.word)).toList();
        boolean isOne =
                !named.isEmpty()
                        && !args[0].startsWith("-")
                        && !named.contains(HELP)
                        && !named.contains(COMPLETION);
        return line(tuli, isOne ? named : List.of(values()));
    }

    /** The description of all commands, for help, completion and the reference. */
    static CommandSpec reference(TuliCommand tuli) {
        return line(tuli, List.of(values())).getCommandSpec();
    }

    private static CommandLine line(TuliCommand tuli, List<Commands> commands) {
        CommandLine line = new CommandLine(tuli);
        for (Commands command : commands) {
            line.addSubcommand(command.word, command.maker.apply(tuli));
        }
        // A value may begin with @, and is then ours to read; a wrong option is never a value.
        line.setExpandAtFiles(false);
        line.setOut(new PrintWriter(tuli.terminal().out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(tuli.terminal().err(), true, StandardCharsets.UTF_8));
        line.setHelpSectionKeys(List.of(HELP.word));
        line.setHelpSectionMap(
                Map.of(HELP.word, help -> HelpText.of(help.commandSpec(), tuli.palette())));
        return line;
    }
}
