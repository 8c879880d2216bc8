package io.tuli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.child.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The main job on real input, as a process of its own: exactly what a user starts. */
@Tag("slow")
class DemoTest {

    private static final int SECONDS_MAX = 100;

    @TempDir private Path directory;

    @Test
    void nothingIsLostWhenAMemberJoinsAndAnotherLeaves() throws Exception {
        assertPerfect(run("--json"));
    }

    @Test
    void nothingIsLostWhenAMemberIsKilled() throws Exception {
        assertPerfect(run("--json", "--kill"));
    }

    @Test
    void nothingIsLostWhenAllAreKilledAtOnceAndComeBack() throws Exception {
        Run run = run("--json", "--durable", "--rate=8000");
        assertPerfect(run, "restarts");
        assertThat(run.output().lines().toList().getLast()).endsWith(",\"restarts\":1}");
        assertThat(run.output()).contains("all members were killed with -9 at once");
    }

    @Test
    void misspeltCommandIsRefusedAtOnce() throws Exception {
        Run run = run("--kil");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).contains("did you mean --kill?");
    }

    private static void assertPerfect(Run run, String... more) {
        assertThat(run.exitCode()).as(run.output()).isZero();
        List<String> lines = run.output().lines().toList();
        JsonNode score = new JsonMapper().readTree(lines.getLast());
        List<String> names =
                new ArrayList<>(
                        List.of(
                                "members",
                                "acknowledged",
                                "lost",
                                "duplicated",
                                "airportsWrong",
                                "divergentReplicas",
                                "longestWriteGapMs",
                                "perSecond"));
        names.addAll(List.of(more));
        assertThat(score.propertyNames()).containsExactlyElementsOf(names);
        assertThat(lines.getLast())
                .startsWith(
                        "{\"members\":3,\"acknowledged\":20000,\"lost\":0,\"duplicated\":0,"
                                + "\"airportsWrong\":0,\"divergentReplicas\":0,");
        assertThat(run.output().toLowerCase(Locale.ROOT))
                .contains("most delayed airports", "phoenix sky harbor")
                .doesNotContain("warn", "exception", "jgroups");
    }

    private Run run(String... options) throws Exception {
        Path output = directory.resolve("output.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildJvm.flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Demo.class.getName());
        command.addAll(List.of(options));
        Process demo =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(demo.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).as("ends in time").isTrue();
        } finally {
            demo.destroyForcibly();
        }
        return new Run(demo.exitValue(), Files.readString(output));
    }

    private record Run(int exitCode, String output) {}
}
