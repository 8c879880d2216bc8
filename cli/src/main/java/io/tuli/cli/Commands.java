package io.tuli.cli;

import io.tuli.archive.SnapshotCommand;
import io.tuli.command.Catalogue;
import io.tuli.command.Command;
import io.tuli.command.Invocation;
import io.tuli.inspect.LogCommand;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.write.AddCommand;
import io.tuli.write.BridgeCommand;
import io.tuli.write.CatCommand;
import io.tuli.write.PatchCommand;
import io.tuli.write.PubCommand;
import io.tuli.write.PushCommand;
import io.tuli.write.RmCommand;
import io.tuli.write.SendCommand;
import io.tuli.write.SetCommand;
import io.tuli.write.SubCommand;
import io.tuli.write.TouchCommand;
import java.util.List;

/** The commands there are: how each is written, and how it is made. */
final class Commands {

    /** In the order in which help lists them. */
    static final List<String> WORDS =
            List.of(
                    "serve",
                    "gateway",
                    "bridge",
                    "ls",
                    "get",
                    "set",
                    "add",
                    "rm",
                    "touch",
                    "push",
                    "patch",
                    "send",
                    "pub",
                    "sub",
                    "cat",
                    "watch",
                    "ring",
                    "members",
                    "services",
                    "snapshot",
                    "log",
                    "config",
                    "secret",
                    "token",
                    "completion",
                    "demo",
                    "todos",
                    "sim",
                    "chaos",
                    "bench",
                    "version",
                    "help");

    /** For those commands that tell of all. */
    static final Catalogue ALL = new Catalogue(WORDS, Commands::grammar);

    private Commands() {}

    /** How a command is written; the word is one of {@link #WORDS}. */
    static Grammar grammar(String word) {
        return switch (word) {
            case "serve" -> ServeCommand.GRAMMAR;
            case "gateway" -> GatewayCommand.GRAMMAR;
            case "bridge" -> BridgeCommand.GRAMMAR;
            case "ls" -> LsCommand.GRAMMAR;
            case "get" -> GetCommand.GRAMMAR;
            case "set" -> SetCommand.GRAMMAR;
            case "add" -> AddCommand.GRAMMAR;
            case "rm" -> RmCommand.GRAMMAR;
            case "touch" -> TouchCommand.GRAMMAR;
            case "push" -> PushCommand.GRAMMAR;
            case "patch" -> PatchCommand.GRAMMAR;
            case "send" -> SendCommand.GRAMMAR;
            case "pub" -> PubCommand.GRAMMAR;
            case "sub" -> SubCommand.GRAMMAR;
            case "cat" -> CatCommand.GRAMMAR;
            case "watch" -> WatchCommand.GRAMMAR;
            case "ring" -> RingCommand.GRAMMAR;
            case "members" -> MembersCommand.GRAMMAR;
            case "services" -> ServicesCommand.GRAMMAR;
            case "snapshot" -> SnapshotCommand.GRAMMAR;
            case "log" -> LogCommand.GRAMMAR;
            case "config" -> ConfigCommand.GRAMMAR;
            case "secret" -> SecretCommand.GRAMMAR;
            case "token" -> TokenCommand.GRAMMAR;
            case "completion" -> CompletionCommand.GRAMMAR;
            case "demo" -> ProgramCommand.DEMO;
            case "todos" -> ProgramCommand.TODOS;
            case "sim" -> SimCommand.GRAMMAR;
            case "chaos" -> ProgramCommand.CHAOS;
            case "bench" -> ProgramCommand.BENCH;
            case "version" -> VersionCommand.GRAMMAR;
            case "help" -> HelpCommand.GRAMMAR;
            default -> throw new IllegalArgumentException("a command must be known: " + word);
        };
    }

    /** Only the class of the command wanted is loaded: that is most of a quick start. */
    static Command of(String word, Invocation tuli, Arguments arguments) {
        return switch (word) {
            case "serve" -> new ServeCommand(tuli, arguments);
            case "gateway" -> new GatewayCommand(tuli, arguments);
            case "bridge" -> new BridgeCommand(tuli, arguments);
            case "ls" -> new LsCommand(tuli, arguments);
            case "get" -> new GetCommand(tuli, arguments);
            case "set" -> new SetCommand(tuli, arguments);
            case "add" -> new AddCommand(tuli, arguments);
            case "rm" -> new RmCommand(tuli, arguments);
            case "touch" -> new TouchCommand(tuli, arguments);
            case "push" -> new PushCommand(tuli, arguments);
            case "patch" -> new PatchCommand(tuli, arguments);
            case "send" -> new SendCommand(tuli, arguments);
            case "pub" -> new PubCommand(tuli, arguments);
            case "sub" -> new SubCommand(tuli, arguments);
            case "cat" -> new CatCommand(tuli, arguments);
            case "watch" -> new WatchCommand(tuli, arguments);
            case "ring" -> new RingCommand(tuli, arguments);
            case "members" -> new MembersCommand(tuli);
            case "services" -> new ServicesCommand(tuli);
            case "snapshot" -> new SnapshotCommand(tuli, arguments);
            case "log" -> new LogCommand(tuli, arguments);
            case "config" -> new ConfigCommand(tuli, arguments);
            case "secret" -> new SecretCommand(tuli, arguments);
            case "token" -> new TokenCommand(tuli, arguments);
            case "completion" -> new CompletionCommand(tuli, arguments, ALL);
            case "sim" -> new SimCommand(tuli, arguments);
            case "version" -> new VersionCommand(tuli);
            case "help" -> new HelpCommand(tuli, arguments, ALL);
            default -> throw new IllegalArgumentException("a command must be known: " + word);
        };
    }
}
