package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.Nearest;
import io.tuli.TuliException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The completion scripts there are, each written from the commands' own descriptions. */
enum CompletionScript {
    BASH {
        @Override
        String write(CommandSpec tuli) {
            return "# bash completion for tuli: source <(tuli completion bash)\n"
                    + function("_tuli", tuli)
                    + "complete -F _tuli tuli ./tuli\n";
        }
    },
    ZSH {
        @Override
        String write(CommandSpec tuli) {
            return "#compdef tuli\n"
                    + "# zsh completion for tuli: source <(tuli completion zsh)\n"
                    + "autoload -U +X compinit bashcompinit && compinit -u && bashcompinit\n"
                    + function("_tuli", tuli)
                    + "complete -F _tuli tuli\n";
        }
    },
    FISH {
        @Override
        String write(CommandSpec tuli) {
            StringBuilder script =
                    new StringBuilder(
                            """
                            # fish completion for tuli: tuli completion fish | source
                            complete -c tuli -f
                            """);
            fishOptions(script, "complete -c tuli", tuli);
            for (CommandSpec command : commands(tuli)) {
                script.append("complete -c tuli -n __fish_use_subcommand -a ")
                        .append(command.name())
                        .append(" -d ")
                        .append(quoted(HelpText.description(command)))
                        .append('\n');
                String condition =
                        "complete -c tuli -n '__fish_seen_subcommand_from " + command.name() + "'";
                fishOptions(script, condition, command);
            }
            return script.toString();
        }
    };

    static CompletionScript of(String shell) {
        return Arrays.stream(values())
                .filter(script -> script.word().equals(shell))
                .findFirst()
                .orElseThrow(
                        () ->
                                new TuliException(
                                        Failure.BAD_REQUEST,
                                        "completion is for bash, zsh or fish: "
                                                + shell
                                                + Nearest.question(
                                                        shell,
                                                        Arrays.stream(values())
                                                                .map(CompletionScript::word)
                                                                .toList())));
    }

    /** The script, which defines completion when the shell runs it. */
    abstract String write(CommandSpec tuli);

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words after a command are its options, those of all commands, and nothing else. */
    private static String function(String name, CommandSpec tuli) {
        StringBuilder cases = new StringBuilder();
        for (CommandSpec command : commands(tuli)) {
            cases.append("            ")
                    .append(command.name())
                    .append(") words=\"")
                    .append(names(HelpText.own(command)))
                    .append("\" ;;\n");
        }
        String commands =
                commands(tuli).stream().map(CommandSpec::name).collect(Collectors.joining(" "));
        return """
        %s() {
            local current=${COMP_WORDS[COMP_CWORD]} words="" word command=""
            for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                case " %s " in *" $word "*) command=$word; break ;; esac
            done
            case "$command" in
                    "") words="%s" ;;
        %s    esac
            COMPREPLY=($(compgen -W "$words %s" -- "$current"))
        }
        """
                .formatted(name, commands, commands, cases, names(HelpText.own(tuli)));
    }

    private static void fishOptions(StringBuilder script, String begin, CommandSpec command) {
        for (OptionSpec option : HelpText.own(command)) {
            script.append(begin);
            for (String name : option.names()) {
                boolean isLong = name.startsWith("--");
                script.append(isLong ? " -l " : " -s ").append(name.substring(isLong ? 2 : 1));
            }
            script.append(option.arity().max() > 0 ? " -r" : "")
                    .append(" -d ")
                    .append(quoted(String.join(" ", option.description())))
                    .append('\n');
        }
    }

    private static List<CommandSpec> commands(CommandSpec tuli) {
        return tuli.subcommands().values().stream().map(CommandLine::getCommandSpec).toList();
    }

    private static String names(List<OptionSpec> options) {
        return options.stream()
                .flatMap(option -> Stream.of(option.names()))
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
