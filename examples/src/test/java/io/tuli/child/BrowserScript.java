package io.tuli.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A script of {@code gateway/kit/browser} that drives a page in Chromium. Where it cannot run that
 * is told at the end of {@code ./tuli test}; where {@code KIT_WANTED} is {@code all} it is a
 * failure.
 */
public record BrowserScript(String name) {

    private static final int SECONDS_MAX = 120;

    /** Runs it against a page; answers what it says. */
    public String run(String url) throws Exception {
        Path kit = repository().resolve("gateway/kit");
        String missing = missing(kit);
        if (!missing.isEmpty()) {
            assertThat(System.getenv("KIT_WANTED")).as(missing).isNotEqualTo("all");
            skipped(name + " in a browser: " + missing);
            Assumptions.abort(missing);
        }
        return output(List.of("node", kit.resolve("browser").resolve(name).toString()), url);
    }

    private static String missing(Path kit) throws Exception {
        if (!isThere("node")) {
            return "no node is found";
        }
        if (!isThere("chromium")) {
            return "no chromium is found";
        }
        return Files.isDirectory(kit.resolve("node_modules/playwright-core"))
                ? ""
                : "it needs its packages: npm ci in gateway/kit";
    }

    private static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("bin/pick-jdk.sh"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    private static boolean isThere(String program) throws Exception {
        try {
            output(List.of(program, "--version"), "");
            return true;
        } catch (IOException none) {
            return false;
        }
    }

    private static void skipped(String what) throws IOException {
        Path told = repository().resolve("examples/target/skipped.txt");
        Files.createDirectories(told.getParent());
        String before = Files.exists(told) ? Files.readString(told) : "";
        Files.writeString(told, before + what + "\n");
    }

    private static String output(List<String> command, String url) throws Exception {
        Path output = Files.createTempFile("browser-", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("URL", url);
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            boolean isOver = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            assertThat(isOver).as("ends in time: " + Files.readString(output)).isTrue();
            return Files.readString(output);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
