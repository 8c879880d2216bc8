package io.tuli.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What there is in a directory, for people: it is looked at as a restart would, and left as it is.
 *
 * @param id whose it is
 * @param boot how often it was opened
 * @param segments as far as they could be read, the oldest first
 * @param damage what is not as it was written, and keeps a member from starting; null if nothing is
 * @param torn where the end was cut by a crash, which costs nothing that was kept; null if it was
 *     not
 */
public record JournalReport(
        JournalId id,
        long boot,
        List<Segment> segments,
        @Nullable JournalException damage,
        @Nullable String torn) {

    public JournalReport {
        segments = List.copyOf(segments);
    }

    /**
     * One file.
     *
     * @param boot of the life that wrote it, 0 where that cannot be read
     * @param bytes its size
     * @param blocks how many with records there are in it
     * @param recordBytes what the records take
     */
    public record Segment(String name, long boot, long bytes, long blocks, long recordBytes) {}

    /**
     * Looks at what is there.
     *
     * @param visitor takes all blocks up to the end, or the first damage
     * @throws JournalException FOREIGN where there is no journal, or a later release's
     */
    public static JournalReport of(Disk disk, Consumer<Block> visitor) {
        try {
            requireJournal(disk);
            NodeFile node = NodeFile.open(disk);
            node.close();
            return read(disk, node.state(), visitor);
        } catch (IOException e) {
            throw JournalException.failed("it cannot be read: error=" + e.getMessage(), e);
        }
    }

    static void requireJournal(Disk disk) throws IOException {
        if (!disk.names().contains(NodeFile.NAME)) {
            throw new JournalException(
                    JournalException.Reason.FOREIGN,
                    "a journal's directory has a file "
                            + NodeFile.NAME
                            + ": files="
                            + disk.names().size());
        }
    }

    private static JournalReport read(Disk disk, NodeFile.State node, Consumer<Block> visitor)
            throws IOException {
        List<Segment> segments = new ArrayList<>();
        JournalException damage = null;
        String torn = null;
        Counts counts = new Counts(visitor);
        try {
            torn = Recovery.read(disk, node, counts).torn();
        } catch (JournalException found) {
            damage = found;
        }
        for (long number : Recovery.numbers(disk)) {
            segments.add(segment(disk, number, counts));
        }
        return new JournalReport(node.id(), node.boot(), segments, damage, torn);
    }

    private static Segment segment(Disk disk, long number, Counts counts) throws IOException {
        String name = Recovery.nameOf(number);
        try (Disk.File file = disk.open(name)) {
            ByteBuffer head = ByteBuffer.allocate(SegmentHeader.BYTES);
            file.read(head, 0);
            long boot = bootOf(name, head.flip());
            return counts.of(number, new Segment(name, boot, file.size(), 0, 0));
        }
    }

    private static long bootOf(String name, ByteBuffer head) {
        try {
            return SegmentHeader.read(name, head).boot();
        } catch (JournalException unreadable) {
            return 0; // that is among the damage
        }
    }

    /** How much is in each segment. */
    private static final class Counts implements Consumer<Block> {

        private final Consumer<Block> visitor;
        private final Map<Long, long[]> counts = new HashMap<>();

        Counts(Consumer<Block> visitor) {
            this.visitor = visitor;
        }

        @Override
        public void accept(Block block) {
            long[] count = counts.computeIfAbsent(block.place().segment(), any -> new long[2]);
            count[0]++;
            count[1] += block.content().remaining();
            visitor.accept(block);
        }

        Segment of(long number, Segment bare) {
            long[] count = counts.getOrDefault(number, new long[2]);
            return new Segment(bare.name, bare.boot, bare.bytes, count[0], count[1]);
        }
    }
}
