package io.tuli.cli;

import io.tuli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a command answered that ran inside the test. */
record Ran(int code, String out, String err) {

    static Ran in(Map<String, String> environment, String... args) {
        return in(environment, "from stdin\n".getBytes(StandardCharsets.UTF_8), args);
    }

    /** With these lines as its standard input. */
    static Ran reading(String lines, String... args) {
        return in(Map.of(), lines.getBytes(StandardCharsets.UTF_8), args);
    }

    private static Ran in(Map<String, String> environment, byte[] stdin, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(stdin),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false,
                        environment);
        int code = Main.run(terminal, args);
        return new Ran(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static Ran of(String... args) {
        return in(Map.of(), args);
    }
}
