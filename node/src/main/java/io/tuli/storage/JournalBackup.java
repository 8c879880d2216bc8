package io.tuli.storage;

import io.tuli.error.Require;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Copies a journal, also while its member writes to it: what the copy has is what a crash would
 * have left at some moment of the copying. The member is not asked, and does not notice.
 *
 * <p>Segments only grow at their end, so each is copied from its end to its beginning: where a page
 * has something, all that was written before it is there when its turn comes. Segments that the
 * member no longer needs may go away meanwhile; then the copying begins again.
 */
public final class JournalBackup {

    private static final int ATTEMPTS = 5;

    /** What is read at once; a power of two, so that no page is read in two parts. */
    private static final int PAGE_BYTES = 4096;

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(PAGE_BYTES).asReadOnlyBuffer();

    private final Path from;
    private final Path to;

    private JournalBackup(Path from, Path to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Copies, and reads the copy as a restart would. Blocks for as long as that takes. Where it
     * fails, what was copied is removed.
     *
     * @param to is made, or empty
     * @throws JournalException FOREIGN where there is no journal; DAMAGED where what is there is,
     *     or changes so fast that no attempt came to its end
     * @throws IOException where the copy cannot be written, or its directory has something
     */
    public static void make(Path from, Path to) throws IOException {
        Require.argument(
                !to.toAbsolutePath().normalize().startsWith(from.toAbsolutePath().normalize()),
                "a copy must be outside of what is copied",
                to);
        JournalReport.requireJournal(new ReadOnlyDisk(from, null));
        boolean isMade = Files.notExists(to);
        if (!isMade && !FileDisk.names(to).isEmpty()) {
            throw new FileAlreadyExistsException(to.toString(), null, "it must be empty");
        }
        Files.createDirectories(to, FileDisk.alone(from, "rwx------"));
        JournalBackup copy = new JournalBackup(from, to);
        boolean isDone = false;
        try {
            copy.attempts();
            isDone = true;
        } finally {
            if (!isDone) {
                copy.clear();
                if (isMade) {
                    Files.deleteIfExists(to);
                }
            }
        }
    }

    private void attempts() throws IOException {
        String reason = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            clear();
            try {
                copyAll();
            } catch (NoSuchFileException gone) {
                if (!Files.exists(from.resolve(NodeFile.NAME))) {
                    throw gone;
                }
                reason = "a segment went away: " + gone.getMessage();
                continue;
            }
            Disk copy = new ReadOnlyDisk(to, null);
            JournalException damage = JournalReport.of(copy, block -> {}).damage();
            if (damage == null) {
                force();
                return;
            }
            reason = String.valueOf(damage.getMessage());
        }
        throw new JournalException(
                JournalException.Reason.DAMAGED,
                "what is copied must be whole, and stay for a moment: attempts="
                        + ATTEMPTS
                        + " last="
                        + reason);
    }

    /** First who says which segments there must be: of what comes later nothing is needed. */
    private void copyAll() throws IOException {
        copy(NodeFile.NAME);
        NodeFile node = NodeFile.open(new ReadOnlyDisk(to, null));
        node.close();
        for (long number = node.state().first(); number <= node.state().last(); number++) {
            copy(Recovery.nameOf(number));
        }
    }

    private void copy(String name) throws IOException {
        try (FileChannel source = FileChannel.open(from.resolve(name), StandardOpenOption.READ);
                FileChannel target =
                        FileChannel.open(
                                to.resolve(name),
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                FileDisk.alone(from, "rw-------"))) {
            long size = source.size();
            ByteBuffer page = ByteBuffer.allocateDirect(PAGE_BYTES);
            ByteBuffer zeros = ZEROS.duplicate();
            for (long at = (size - 1) / PAGE_BYTES * PAGE_BYTES; at >= 0; at -= PAGE_BYTES) {
                page.clear().limit((int) Math.min(PAGE_BYTES, size - at));
                fill(page, source, at);
                boolean isLast = at + PAGE_BYTES >= size;
                if (isLast || !page.equals(zeros.clear().limit(page.limit()))) {
                    FileDisk.writeAll(target, page, at);
                }
            }
            target.force(true);
        }
    }

    private static void fill(ByteBuffer page, FileChannel source, long at) throws IOException {
        while (page.hasRemaining()) {
            if (source.read(page, at + page.position()) < 0) {
                throw new EOFException("a file of a journal never gets shorter: at=" + at);
            }
        }
        page.flip();
    }

    private void force() throws IOException {
        try (FileChannel names = FileChannel.open(to, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** What an attempt before has left; there is nothing else here. */
    private void clear() throws IOException {
        for (String name : FileDisk.names(to)) {
            Files.deleteIfExists(to.resolve(name));
        }
    }
}
