package io.tuli.terminal;

import io.tuli.error.Printable;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command runs: its three streams, whether a person is looking, and the environment.
 *
 * @param in standard input
 * @param out results and nothing else
 * @param err everything else
 * @param isInteractive whether {@code out} is a terminal
 * @param environment of the process
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean isInteractive,
        Map<String, String> environment) {

    /** The terminal of this process. Texts are UTF-8 whatever the locale, as JSON is. */
    public static Terminal ofProcess() {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        Map<String, String> environment = System.getenv();
        boolean canBePainted = !"dumb".equals(environment.get("TERM")) && isTerminal();
        return new Terminal(System.in, out, err, canBePainted, environment);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 16_384),
                false,
                StandardCharsets.UTF_8);
    }

    /** Whether the output is one; Java does not say it of the output alone, Linux does. */
    private static boolean isTerminal() {
        Path output = Path.of("/proc/self/fd/1");
        if (Files.isSymbolicLink(output)) {
            try {
                String target = Files.readSymbolicLink(output).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
            } catch (IOException unreadable) {
                return false;
            }
        }
        return false;
    }

    /** Writes one line of the result, {@link Printable}, to be seen at once. */
    public void line(String text) {
        out.println(printable(text));
        out.flush();
    }

    /** Tells the person something that is not the result. */
    public void say(String text) {
        out.flush();
        err.println(printable(text));
        err.flush();
    }

    private String printable(String text) {
        return isInteractive ? Palette.printable(text) : Printable.of(text);
    }
}
