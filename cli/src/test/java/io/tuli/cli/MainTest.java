package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.command.Exit;
import io.tuli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What needs no mesh: wrong command lines, help, settings. */
@Tag("FE-28")
class MainTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lss | there is no command lss; did you mean ls?",
                "gte x | there is no command gte; did you mean get?",
                "frobnicate | there is no command frobnicate",
                "ls --jsno | there is no option --jsno; did you mean --json?",
                "get x --sorted=a | there is no option --sorted; did you mean --sort?",
                "set users | set needs <key> <value>",
                "ls a b | ls takes no more arguments: b",
                "get x --timeout 5 | a time is a number > 0 with ms, s, m or h",
                "set s k v --ack ownr | --ack is owner, safe, a number 1..127 of copies, or disks:",
                "send s $read | verbs that begin with $ are the library's own: $read",
                "patch s k text | a patch is a JSON object of fields: \"text\"",
                "ring s --key a..b | a key has no empty segment",
                "watch s --from yesterday | --from is latest, start, a time ago or an instant",
                "completion fisch | completion is for bash, zsh or fish: fisch; did you mean fish?",
                "help gett | there is no command gett; did you mean get?",
                "config shwo | there is no config shwo; did you mean show?",
                "ls --setting mesage.bytes=1 | there is no setting mesage.bytes",
                "ls --mesh a/b | setting mesh must be",
                "serve x --node-id y | --node-id is a number",
                "set s k @/no/such/file | a value @file must be a file that can be read",
            })
    void wrongCommandLineIsExplainedOnStandardErrorWithExitCodeTwo(String line, String message) {
        Ran ran = Ran.of(line.split(" "));

        assertThat(ran.err()).startsWith("tuli: ").contains(message).doesNotContain("\tat ");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.code()).isEqualTo(Exit.USAGE.code());
    }

    @Test
    void withoutACommandHelpIsOffered() {
        assertThat(Ran.of())
                .isEqualTo(new Ran(2, "", "tuli: a command is missing; tuli help lists them\n"));
    }

    @Test
    void environmentWithAWrongNameIsAWarningThatNamesTheNearest() {
        Ran ran = Ran.in(Map.of("TULI_MESHH", "x"), "config", "show");

        assertThat(ran.err())
                .isEqualTo(
                        "environment variables that begin with TULI_ and name no setting are"
                                + " ignored: TULI_MESHH (did you mean TULI_MESH?)\n");
        assertThat(ran.code()).isZero();
    }

    @Test
    void configShowsWhereValuesAreFromAndNoSecrets() {
        Map<String, String> environment = Map.of("TULI_MESH", "blue", "TULI_SECRET", "s3cret");

        Ran ran = Ran.in(environment, "config", "show", "--origin", "--peers", "h:1", "--json");

        assertThat(ran.out())
                .contains("\"mesh\",\"value\":\"blue\",\"origin\":\"environment TULI_MESH\"}")
                .contains("{\"name\":\"peers\",\"value\":\"h:1\",\"origin\":\"command line\"}")
                .contains("{\"name\":\"secret\",\"value\":\"(hidden)\"")
                .doesNotContain("s3cret");
        assertThat(ran.code()).isZero();
    }

    @Test
    void helpListsEveryCommandAndEveryExitCode() {
        Ran ran = Ran.of("help");

        assertThat(ran.out()).contains(Commands.WORDS);
        for (Exit exit : Exit.values()) {
            assertThat(ran.out()).contains("\n  " + exit.code() + "  " + exit.meaning());
        }
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
    }

    @Test
    void everyCommandExplainsItself() {
        for (String word : Commands.WORDS) {
            if (!ProgramCommand.WORDS.contains(word)) {
                Ran ran = Ran.of(word, "--help");

                assertThat(ran.out())
                        .contains("Usage\n  tuli " + word)
                        .isEqualTo(Ran.of("help", word).out());
                assertThat(ran.code()).isZero();
            }
        }
    }

    @Test
    void commonOptionsMayStandBeforeTheCommand() {
        assertThat(Ran.of("--json", "version").out()).startsWith("{\"tuli\":");
        assertThat(Ran.of("version", "--json").out()).startsWith("{\"tuli\":");
    }

    @Test
    void argumentThatTheLocaleCouldNotReadIsRefused() {
        Ran ran = Ran.of("set", "s", "k", "\uFFFD\uFFFD");

        assertThat(ran.err()).contains("set LC_ALL=C.UTF-8");
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void verboseTellsWhereAnErrorCameFrom() {
        assertThat(Ran.of("config", "shwo", "-v").err()).contains("\tat io.tuli.cli.");
    }

    @Test
    void aSecretThatCannotBePrintedIsNoSuccess() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        new PrintStream(full),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false,
                        Map.of());

        int code = Main.run(terminal, "secret", "new");

        assertThat(code).isEqualTo(Exit.USAGE.code());
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("tuli: the secret could not be written, make another one\n");
    }
}
