package io.tuli.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.storage.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose directory it is, and what is said to everybody else. */
class JournalDirectoryTest {

    private static final int SEGMENT_BYTES = 2 << 20;

    @TempDir Path directory;

    /** A life that writes one block. */
    private long lived(String mesh, Long node) throws IOException {
        JournalDirectory data = JournalDirectory.open(directory, mesh, node);
        try (Journal journal = data.journal(SEGMENT_BYTES, block -> {})) {
            journal.content().putLong(1);
            journal.append((byte) 1);
            return data.node();
        } finally {
            data.disk().close();
        }
    }

    private static void assertRefused(Failure failure, ThrowingCallable what, String... says) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> {
                            assertThat(refused.failure()).isEqualTo(failure);
                            assertThat(refused).hasMessageContainingAll(says);
                        });
    }

    private Map<String, Integer> contents() throws IOException {
        Map<String, Integer> contents = new HashMap<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!file.endsWith("LOCK")) {
                    contents.put(
                            file.getFileName().toString(),
                            Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
        }
        return contents;
    }

    private void assertUntouched(Map<String, Integer> before) throws IOException {
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aMemberIsTheSameNodeInAllItsLives() throws IOException {
        long node = lived("shop", null);
        assertThat(lived("shop", null)).isEqualTo(node);
        assertThat(lived("shop", node)).isEqualTo(node);
        List<Byte> kinds = new ArrayList<>();
        JournalDirectory data = JournalDirectory.open(directory, "shop", null);
        try (Journal journal = data.journal(SEGMENT_BYTES, block -> kinds.add(block.kind()))) {
            assertThat(journal.boot()).isEqualTo(4);
            assertThat(kinds).hasSize(3);
        } finally {
            data.disk().close();
        }
    }

    @Test
    void anotherMeshOrNodeIsRefusedAndChangesNothing() throws IOException {
        lived("shop", 5L);
        Map<String, Integer> before = contents();
        assertRefused(
                Failure.BAD_REQUEST,
                () -> JournalDirectory.open(directory, "bank", null),
                "data.dir must be of this mesh",
                "mesh=bank",
                directory.toString());
        assertRefused(
                Failure.BAD_REQUEST,
                () -> JournalDirectory.open(directory, "shop", 6L),
                "data.dir must be of this node",
                "node.id=6 there=5");
        assertUntouched(before);
        assertThat(lived("shop", 5L)).isEqualTo(5);
    }

    @Test
    void whoComesSecondIsToldByWhomItIsUsed() {
        try (JournalDirectory first = JournalDirectory.open(directory, "shop", null)) {
            assertThat(first.disk()).isNotNull();
            assertRefused(
                    Failure.BAD_REQUEST,
                    () -> JournalDirectory.open(directory, "shop", null),
                    "a directory must be one member's alone: end the other, or name another",
                    "pid=" + ProcessHandle.current().pid());
        }
        JournalDirectory.open(directory, "shop", null).close();
    }

    @Test
    void whatIsDamagedIsRefusedAndLeftAsItIsButForTheBoot() throws IOException {
        lived("shop", null);
        lived("shop", null);
        Path first = directory.resolve("00000000000000000001.seg");
        byte[] bytes = Files.readAllBytes(first);
        bytes[4096 + 50] ^= 1;
        Files.write(first, bytes);
        assertRefused(
                Failure.UNAVAILABLE,
                () ->
                        JournalDirectory.open(directory, "shop", null)
                                .journal(SEGMENT_BYTES, block -> {}),
                "what was written for good must be there as it was",
                "segment=00000000000000000001.seg",
                "tuli log verify");
        assertThat(Files.readAllBytes(first)).isEqualTo(bytes);
        JournalDirectory.open(directory, "shop", null).close();
    }

    @Test
    void whatIsNoDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "text");
        assertRefused(
                Failure.BAD_REQUEST,
                () -> JournalDirectory.open(file, "shop", null),
                "data.dir must be a directory that this member may write",
                file.toString());
    }
}
