package io.tuli.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** D5: a copy is what a crash would have left, whoever writes meanwhile. */
class JournalBackupTest {

    private static final JournalId ID = new JournalId(7, 1);
    private static final int SEGMENT_BYTES = 2 << 20;

    @TempDir Path directory;
    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    private static Journal open(Disk disk, List<Long> found) {
        return Journal.open(
                disk, ID, SEGMENT_BYTES, () -> 1, block -> found.add(block.content().getLong()));
    }

    private void append(Journal journal, long number) {
        ByteBuffer content = journal.content();
        content.putLong(number);
        content.put(new byte[random.nextInt(60_000)]);
        journal.append((byte) 1);
    }

    private static List<Long> read(Path copy) throws IOException {
        List<Long> found = new ArrayList<>();
        try (Journal journal = open(FileDisk.open(copy), found)) {
            assertThat(journal.boot()).isPositive();
        }
        return found;
    }

    @Test
    void aCopyThatIsMadeWhileItIsWrittenToHasAllThatWasSyncedBeforeAndGoesOn() throws Exception {
        Path from = directory.resolve("from");
        AtomicBoolean isEnough = new AtomicBoolean();
        AtomicLong synced = new AtomicLong();
        CompletableFuture<Void> written = new CompletableFuture<>();
        Thread writer =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try (Journal journal =
                                            open(FileDisk.open(from), new ArrayList<>())) {
                                        write(journal, synced, isEnough);
                                        written.complete(null);
                                    } catch (Throwable failed) {
                                        written.completeExceptionally(failed);
                                    }
                                });
        try {
            for (int copy = 0; copy < 5; copy++) {
                long before = synced.get();
                while (synced.get() < before + 20 && !written.isDone()) {
                    Thread.onSpinWait();
                }
                long least = synced.get();
                Path to = directory.resolve("copy-" + copy);

                JournalBackup.make(from, to);

                List<Long> found = read(to);
                assertThat(found.getLast())
                        .as("-Dtuli.seed=%d", seed)
                        .isGreaterThanOrEqualTo(least);
                for (int i = 1; i < found.size(); i++) {
                    assertThat(found.get(i)).isEqualTo(found.get(i - 1) + 1);
                }
            }
        } finally {
            isEnough.set(true);
            writer.join(20_000);
        }
        assertThat(written).isCompleted();
    }

    /** Three segments are kept: older ones go, also while they are copied. */
    private void write(Journal journal, AtomicLong synced, AtomicBoolean isEnough) {
        for (long number = 1; !isEnough.get(); number++) {
            append(journal, number);
            if (random.nextInt(3) == 0) {
                journal.sync();
                synced.set(number);
            }
            if (journal.segment() - journal.firstSegment() > 3) {
                journal.dropBefore(journal.segment() - 2);
            }
        }
    }

    @Test
    void whatIsDamagedIsNotCopiedAndLeavesNothing() throws IOException {
        Path from = directory.resolve("from");
        try (Journal journal = open(FileDisk.open(from), new ArrayList<>())) {
            for (int number = 1; number <= 100; number++) {
                append(journal, number);
                journal.sync();
            }
        }
        Path segment = from.resolve(Recovery.nameOf(1));
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 1;
        Files.write(segment, bytes, StandardOpenOption.WRITE);
        Path to = directory.resolve("to");

        assertThatThrownBy(() -> JournalBackup.make(from, to))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("must be whole")
                .hasMessageContaining(segment.getFileName().toString());
        assertThat(to).doesNotExist();
    }

    @Test
    void whereSomethingIsNothingIsCopiedTo() throws IOException {
        Path from = directory.resolve("from");
        open(FileDisk.open(from), new ArrayList<>()).close();
        Path to = Files.createDirectory(directory.resolve("to"));
        Files.writeString(to.resolve("mine"), "mine");

        assertThatThrownBy(() -> JournalBackup.make(from, to))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(to.resolve("mine")).hasContent("mine");
        assertThatThrownBy(() -> JournalBackup.make(from, from.resolve("inside")))
                .hasMessageContaining("outside");
        assertThatThrownBy(() -> JournalBackup.make(to, directory.resolve("other")))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("NODE");
    }
}
