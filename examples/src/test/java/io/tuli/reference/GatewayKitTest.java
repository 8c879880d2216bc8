package io.tuli.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conformance kit in {@code gateway/kit}: unmodified clients of Feathers, in Node and in a
 * browser, against the reference application in processes of its own. What cannot run here is named
 * at the end of {@code ./tuli test}; where {@code KIT_WANTED} is {@code all} it is a failure.
 */
@Tag("slow")
class GatewayKitTest {

    private static final int TESTS = 167;
    private static final int STEPS = 49;
    private static final int SECONDS_MAX = 280;
    private static final int NODE_MIN = 20;

    @TempDir private Path directory;

    @Test
    @Timeout(300)
    void unmodifiedClientsOfFeathersAreServed() throws Exception {
        boolean isAll = "all".equals(System.getenv("KIT_WANTED"));
        Path kit = repository().resolve("gateway/kit");
        String missing = missing(kit);
        if (!missing.isEmpty() && !isAll) {
            skipped("the gateway's conformance kit, " + missing);
            Assumptions.abort(missing);
        }
        boolean hasBrowser = isAll || isThere("chromium", "--version");
        if (!hasBrowser) {
            skipped("the gateway's steps in a browser: no chromium is found");
        }
        List<String> command = new ArrayList<>(List.of(kit.resolve("run.sh").toString(), "--kit"));
        if (hasBrowser) {
            command.add("--browser");
        }
        Ran ran = run(command);

        int expected = hasBrowser ? TESTS + STEPS : TESTS;
        assertThat(ran.output().lines().toList())
                .as(ran.output())
                .endsWith(expected + " passed, 0 failed");
        assertThat(ran.exitCode()).isZero();
    }

    private static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("bin/pick-jdk.sh"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    /** Why the kit cannot run here; empty where it can. */
    private String missing(Path kit) throws Exception {
        if (!isThere("node", "--version")) {
            return "which needs Node " + NODE_MIN + ": none is found";
        }
        String version = run(List.of("node", "--version")).output().strip();
        int major = Integer.parseInt(version.substring(1, version.indexOf('.')));
        if (major < NODE_MIN) {
            return "which needs Node " + NODE_MIN + ": found " + version;
        }
        return Files.isDirectory(kit.resolve("node_modules"))
                ? ""
                : "which needs its packages: npm ci in gateway/kit";
    }

    private boolean isThere(String... command) throws Exception {
        try {
            return run(List.of(command)).exitCode() == 0;
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

    private Ran run(List<String> command) throws Exception {
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("KIT_CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            boolean isOver = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            assertThat(isOver).as("ends in time: " + Files.readString(output)).isTrue();
        } finally {
            process.destroy(); // which lets it end what it has started
            process.waitFor(20, TimeUnit.SECONDS);
        }
        return new Ran(process.exitValue(), Files.readString(output));
    }

    private record Ran(int exitCode, String output) {}
}
