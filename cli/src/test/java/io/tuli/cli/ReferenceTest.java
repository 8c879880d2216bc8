package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.command.Invocation;
import io.tuli.terminal.Grammar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
        StringBuilder text = new StringBuilder("\n");
        Commands.WORDS.forEach(word -> write(text, Commands.grammar(word)));
        text.append("### Options of all commands\n\n");
        Invocation.COMMON.options().forEach(o -> item(text, o.synopsis(), o.description()));
        return text.append('\n').toString();
    }

    private static void write(StringBuilder text, Grammar grammar) {
        text.append("### `tuli ").append(grammar.synopsis()).append("`\n\n");
        text.append(grammar.description()).append("\n\n");
        grammar.parameters().forEach(p -> item(text, p.label(), p.description()));
        grammar.options().forEach(o -> item(text, o.synopsis(), o.description()));
        boolean hasItems = !grammar.parameters().isEmpty() || !grammar.options().isEmpty();
        text.append(hasItems ? "\n" : "");
    }

    private static void item(StringBuilder text, String term, String description) {
        text.append("- `").append(term).append("`: ").append(description).append('\n');
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
