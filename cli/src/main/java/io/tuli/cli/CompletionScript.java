package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.command.Catalogue;
import io.tuli.command.Invocation;
import io.tuli.error.Nearest;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Option;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The completion scripts there are, each written from the commands' own descriptions. */
enum CompletionScript {
    BASH {
        @Override
        String write(Catalogue commands) {
            return "# bash completion for tuli: source <(tuli completion bash)\n"
                    + function("_tuli", commands)
                    + "complete -F _tuli tuli ./tuli\n";
        }
    },
    ZSH {
        @Override
        String write(Catalogue commands) {
            return "#compdef tuli\n"
                    + "# zsh completion for tuli: source <(tuli completion zsh)\n"
                    + "autoload -U +X compinit bashcompinit && compinit -u && bashcompinit\n"
                    + function("_tuli", commands)
                    + "complete -F _tuli tuli\n";
        }
    },
    FISH {
        @Override
        String write(Catalogue commands) {
            StringBuilder script =
                    new StringBuilder(
                            """
                            # fish completion for tuli: tuli completion fish | source
                            complete -c tuli -f
                            """);
            fishOptions(script, "complete -c tuli", Invocation.COMMON);
            for (String word : commands.words()) {
                script.append("complete -c tuli -n __fish_use_subcommand -a ")
                        .append(word)
                        .append(" -d ")
                        .append(quoted(commands.grammar(word).description()))
                        .append('\n');
                String condition = "complete -c tuli -n '__fish_seen_subcommand_from " + word + "'";
                fishOptions(script, condition, commands.grammar(word));
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
    abstract String write(Catalogue commands);

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words after a command are its options, those of all commands, and nothing else. */
    private static String function(String name, Catalogue commands) {
        StringBuilder cases = new StringBuilder();
        for (String word : commands.words()) {
            cases.append("            ")
                    .append(word)
                    .append(") words=\"")
                    .append(names(commands.grammar(word)))
                    .append("\" ;;\n");
        }
        String words = String.join(" ", commands.words());
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
                .formatted(name, words, words, cases, names(Invocation.COMMON));
    }

    private static void fishOptions(StringBuilder script, String begin, Grammar grammar) {
        for (Option option : grammar.options()) {
            script.append(begin);
            for (String name : option.names()) {
                boolean isLong = name.startsWith("--");
                script.append(isLong ? " -l " : " -s ").append(name.substring(isLong ? 2 : 1));
            }
            script.append(option.takes() == Option.Takes.VALUE ? " -r" : "")
                    .append(" -d ")
                    .append(quoted(option.description()))
                    .append('\n');
        }
    }

    private static String names(Grammar grammar) {
        return grammar.options().stream()
                .flatMap(option -> option.names().stream())
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
