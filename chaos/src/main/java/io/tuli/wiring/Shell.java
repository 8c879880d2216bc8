package io.tuli.wiring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Commands of the operating system. */
public final class Shell {

    private static final long SECONDS_MAX = 20;

    private Shell() {}

    /** Starts a script and leaves it to itself. */
    public static Process start(String script) {
        try {
            return new ProcessBuilder("sh", "-c", script)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new WiringException("a shell is needed: " + e.getMessage());
        }
    }

    /** Whether a script succeeds. */
    static boolean succeeds(String script) {
        return complaintOf(script) == null;
    }

    /** Runs a script, which must succeed. */
    static void run(String script) {
        String complaint = complaintOf(script);
        if (complaint != null) {
            throw new WiringException("a command failed: " + script + ": " + complaint);
        }
    }

    /** What a script says when it fails; null if it does not. */
    private static @org.jspecify.annotations.Nullable String complaintOf(String script) {
        try {
            Process process =
                    new ProcessBuilder("sh", "-ec", script).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "it takes longer than " + SECONDS_MAX + " s";
            }
            return process.exitValue() == 0 ? null : said.strip();
        } catch (IOException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
