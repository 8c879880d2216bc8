package io.tuli.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal from its oldest segment on: every block that was ever synced, in order, and
 * perhaps some that were not. What was on its way when the power went is left out; what was there
 * for good and is not any more is damage, and nothing is cut off for it.
 *
 * <p>A block that is not what it must be ends the journal if it is in the newest segment and no
 * later block says that it had been synced: a disk may keep what was written last in part and in
 * any order. Everywhere else it is damage, since the next segment names the block that the one
 * before ended with.
 */
final class Recovery {

    private final Disk disk;
    private final NodeFile.State node;
    private final Consumer<Block> visitor;
    private final ByteBuffer window = SegmentReader.window();
    private final long until;
    private long sequence;
    private int chain;
    private @Nullable String torn;

    private Recovery(Disk disk, NodeFile.State node, long until, Consumer<Block> visitor) {
        this.disk = disk;
        this.node = node;
        this.until = until;
        this.visitor = visitor;
    }

    /**
     * Where a journal ends.
     *
     * @param sequence of its last block, 0 for none
     * @param chain that block's checksum
     * @param torn where something follows that a crash has left in part; null if nothing does
     */
    record End(long sequence, int chain, @Nullable String torn) {}

    /**
     * @param visitor takes all blocks but the journal's own
     * @throws JournalException where something is damaged, or another's
     */
    static End read(Disk disk, NodeFile.State node, Consumer<Block> visitor) throws IOException {
        Recovery recovery = new Recovery(disk, node, Long.MAX_VALUE, visitor);
        recovery.requireAll(numbers(disk));
        return recovery.walk();
    }

    /** The same of one that is being written, up to that block, which is there. */
    static void replay(Disk disk, NodeFile.State node, long until, Consumer<Block> visitor)
            throws IOException {
        End end = new Recovery(disk, node, until, visitor).walk();
        if (end.sequence < until) {
            throw JournalException.damaged("block=" + (end.sequence + 1), "it was there before");
        }
    }

    /** The segments there. */
    static NavigableSet<Long> numbers(Disk disk) throws IOException {
        NavigableSet<Long> numbers = new TreeSet<>();
        for (String name : disk.names()) {
            if (name.matches("\\d{20}\\.seg")) {
                numbers.add(Long.parseLong(name.substring(0, 20)));
            }
        }
        return numbers;
    }

    static String nameOf(long segment) {
        return "%020d.seg".formatted(segment);
    }

    private void requireAll(Collection<Long> numbers) {
        for (long number = node.first(); number <= node.last(); number++) {
            if (!numbers.contains(number)) {
                throw JournalException.damaged("segment=" + nameOf(number), "it is missing");
            }
        }
    }

    private End walk() throws IOException {
        List<SegmentHeader> headers = new ArrayList<>();
        for (long number = node.first(); number <= node.last(); number++) {
            headers.add(header(number));
        }
        if (!headers.isEmpty()) {
            sequence = headers.getFirst().endSequence();
            chain = headers.getFirst().endChain();
        }
        for (int i = 0; i < headers.size(); i++) {
            SegmentHeader next = i + 1 < headers.size() ? headers.get(i + 1) : null;
            String name = nameOf(headers.get(i).number());
            try (SegmentReader reader = SegmentReader.open(disk, name, window)) {
                read(reader, next);
                if (next == null && until == Long.MAX_VALUE) {
                    reader.force(); // The next segment will say that it ends so.
                }
            }
        }
        return new End(sequence, chain, torn);
    }

    private SegmentHeader header(long number) throws IOException {
        SegmentHeader header;
        try (SegmentReader reader = SegmentReader.open(disk, nameOf(number), window)) {
            header = reader.header();
        }
        if (!header.id().equals(node.id()) || header.number() != number) {
            throw new JournalException(
                    JournalException.Reason.FOREIGN,
                    "a segment must be of this member's journal and of its name: segment="
                            + nameOf(number)
                            + " journal="
                            + header.id()
                            + " here="
                            + node.id()
                            + " number="
                            + header.number());
        }
        return header;
    }

    /** Whether a segment that nobody vouches for was never written to. */
    static boolean isUnused(Disk disk, long number) throws IOException {
        ByteBuffer window = SegmentReader.window();
        try (SegmentReader reader = SegmentReader.open(disk, nameOf(number), window)) {
            return reader.at(SegmentHeader.BYTES) == null;
        }
    }

    /** Up to where the next segment says that it ends; the newest, as far as it goes. */
    private void read(SegmentReader reader, @Nullable SegmentHeader next) throws IOException {
        long at = SegmentHeader.BYTES;
        while (next == null ? sequence < until : sequence < next.endSequence()) {
            Block block = reader.at(at);
            if (block == null
                    || block.place().sequence() != sequence + 1
                    || block.chain() != chain) {
                requireEnd(reader, next, at);
                return;
            }
            sequence++;
            chain = block.crc();
            at += block.sizeBytes();
            if (block.kind() != Block.MARK) {
                visitor.accept(block);
            }
        }
        if (next != null && chain != next.endChain()) {
            throw JournalException.damaged(
                    "segment=" + nameOf(reader.header().number()), "it ends with another block");
        }
    }

    private void requireEnd(SegmentReader reader, @Nullable SegmentHeader next, long at)
            throws IOException {
        if (next != null || reader.wasSynced(sequence + 1, at)) {
            throw JournalException.damaged(
                    "segment=" + nameOf(reader.header().number()) + " at=" + at,
                    "block=" + (sequence + 1));
        }
        if (reader.isBegun(at)) {
            torn = "segment=" + nameOf(reader.header().number()) + " at=" + at;
        }
    }
}
