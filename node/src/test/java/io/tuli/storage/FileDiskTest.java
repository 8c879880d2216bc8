package io.tuli.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal in a directory of the file system. */
class FileDiskTest {

    private static final JournalId ID = new JournalId(7, 1);
    private static final int SEGMENT_BYTES = 2 << 20;

    @TempDir Path directory;

    private final SplittableRandom random = new SplittableRandom(1);
    private final List<Integer> found = new ArrayList<>();

    private Journal open(Disk disk) {
        return Journal.open(
                disk,
                ID,
                SEGMENT_BYTES,
                random::nextLong,
                block -> found.add(block.content().getInt()));
    }

    @Test
    void whatWasWrittenIsThereWhenItIsOpenedAgain() throws IOException {
        try (Disk disk = FileDisk.open(directory.resolve("data"));
                Journal journal = open(disk)) {
            for (int number = 0; number < 20; number++) {
                journal.content().putInt(number).put(new byte[300_000]);
                journal.append((byte) 1);
            }
        }
        try (Disk disk = FileDisk.open(directory.resolve("data"));
                Journal journal = open(disk)) {
            assertThat(found).hasSize(20).first().isEqualTo(0);
            assertThat(journal.segment()).isGreaterThan(3);
        }
    }

    @Test
    void whatItMakesIsItsUsersAlone() throws IOException {
        Path made = directory.resolve("a/data");
        try (Disk disk = FileDisk.open(made);
                Journal journal = open(disk)) {
            journal.content().putInt(1);
            journal.append((byte) 1);

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rwx------");
            try (Stream<Path> files = Files.list(made)) {
                assertThat(files)
                        .isNotEmpty()
                        .allSatisfy(
                                file ->
                                        assertThat(
                                                        PosixFilePermissions.toString(
                                                                Files.getPosixFilePermissions(
                                                                        file)))
                                                .isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void aDirectoryIsOneMembersAlone() throws IOException {
        try (Disk first = FileDisk.open(directory)) {
            assertThatThrownBy(() -> FileDisk.open(directory))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("a directory must be one member's alone")
                    .hasMessageContaining("used by this process")
                    .hasMessageContaining("pid=" + ProcessHandle.current().pid());
            assertThat(first.names()).containsExactly("LOCK");
            assertThat(ofAnotherProcess())
                    .as("an attempt of this process must not have opened it to others")
                    .contains("LOCKED", "used by pid=" + ProcessHandle.current().pid(), "host=");
        }
        FileDisk.open(directory).close();
    }

    private String ofAnotherProcess() throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Opener.class.getName(),
                                directory.toString())
                        .redirectErrorStream(true)
                        .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Another process: says what comes of opening the directory. */
    static final class Opener {

        private Opener() {}

        public static void main(String[] args) throws IOException {
            try (FileDisk opened = FileDisk.open(Path.of(args[0]))) {
                System.out.println("opened " + opened.names());
            } catch (JournalException refused) {
                System.out.println(refused.reason() + " " + refused.getMessage());
            }
        }
    }
}
