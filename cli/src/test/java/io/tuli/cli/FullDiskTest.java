package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.command.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A disk without room, which is a small one of a process's own: where the system allows that. */
@Tag("slow")
@EnabledIf("canMount")
class FullDiskTest {

    private static final String FILL = "head -c 1000000 /dev/zero > $0/filler 2>&1; ";

    @TempDir private Path directory;

    static boolean canMount() {
        try {
            Path any = Files.createTempDirectory("tuli-disk");
            try {
                return small(any, "true").waitFor() == 0;
            } finally {
                Files.delete(any);
            }
        } catch (IOException | InterruptedException cannot) {
            return false;
        }
    }

    private static Process small(Path disk, String command, String... more) throws IOException {
        String mounted = "mount -t tmpfs -o size=16k none $0 && { " + command + "; }";
        ProcessBuilder builder =
                new ProcessBuilder("unshare", "-rm", "sh", "-c", mounted, disk.toString());
        builder.command().addAll(List.of(more));
        return builder.redirectErrorStream(true).start();
    }

    private String tuli(String before, String after, int[] code) throws Exception {
        Process process =
                small(
                        directory,
                        before + "\"$@\"; code=$?; " + after + "; exit $code",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "secret",
                        "new",
                        "--to",
                        directory.resolve("secret").toString());
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        code[0] = process.exitValue();
        return output;
    }

    @Test
    void aSecretThatFindsNoRoomIsToldOfAndLeavesNothing() throws Exception {
        int[] code = {0};

        String output = tuli(FILL, "echo files=$(ls $0)", code);

        assertThat(output)
                .contains("tuli: a file with a secret is its owner's: ", "No space left")
                .endsWith("files=filler\n")
                .doesNotContain("tuli1-", "\tat ", "should not happen");
        assertThat(code[0]).isEqualTo(Exit.USAGE.code());
    }

    @Test
    void whereThereIsRoomItIsWritten() throws Exception {
        int[] code = {0};

        String output = tuli("", "cut -c 1-6 $0/secret; stat -c mode=%a $0/secret", code);

        assertThat(output).contains("Written.").endsWith("tuli1-\nmode=600\n");
        assertThat(code[0]).isZero();
    }
}
