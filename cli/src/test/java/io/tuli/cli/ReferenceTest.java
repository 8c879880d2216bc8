package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.terminal.Shutdown;
import io.tuli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The reference in docs/cli.md says what the commands say of themselves. */
class ReferenceTest {

    private static final String BEGIN = "<!-- commands: written by ReferenceTest -->\n";
    private static final String END = "<!-- end of commands -->";

    @Test
    void referenceIsCurrent() throws IOException {
        String text = Files.readString(docs());
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        assertThat(begin).as("docs/cli.md keeps its marks").isBetween(0, end);
        String current = text.substring(0, begin) + BEGIN + commands() + text.substring(end);
        Path proposal = Path.of("target", "cli.md");
        Files.createDirectories(proposal.toAbsolutePath().getParent());
        Files.writeString(proposal, current);

        assertThat(text)
                .as("docs/cli.md is out of date: copy cli/target/cli.md over it")
                .isEqualTo(current);
    }

    private static String commands() {
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(), System.out, System.err, false, Map.of());
        CommandSpec tuli = Commands.reference(new TuliCommand(terminal, new Shutdown()));
        StringBuilder text = new StringBuilder("\n");
        for (CommandLine command : tuli.subcommands().values()) {
            write(text, command.getCommandSpec());
        }
        text.append("### Options of all commands\n\n");
        HelpText.own(tuli).forEach(option -> write(text, option));
        return text.append('\n').toString();
    }

    private static void write(StringBuilder text, CommandSpec command) {
        text.append("### `").append(HelpText.synopsis(command)).append("`\n\n");
        text.append(HelpText.description(command)).append("\n\n");
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            text.append("- `")
                    .append(parameter.paramLabel())
                    .append("`: ")
                    .append(String.join(" ", parameter.description()))
                    .append('\n');
        }
        HelpText.own(command).forEach(option -> write(text, option));
        boolean hasItems =
                !command.positionalParameters().isEmpty() || !HelpText.own(command).isEmpty();
        text.append(hasItems ? "\n" : "");
    }

    private static void write(StringBuilder text, OptionSpec option) {
        text.append("- `")
                .append(HelpText.label(option))
                .append("`: ")
                .append(String.join(" ", option.description()))
                .append('\n');
    }

    private static Path docs() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("docs/cli.md"))) {
            directory = directory.getParent();
            assertThat(directory).as("tests run inside the repository").isNotNull();
        }
        return directory.resolve("docs/cli.md");
    }
}
