package io.tuli.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a journal that is damaged what there is: every block that is whole, in order, and where
 * something is missing between them. It changes nothing. What follows a hole was written behind it,
 * and need not make sense without it: that is for who knows what blocks say.
 */
public final class Salvage {

    private final Disk disk;
    private final Visitor visitor;
    private final ByteBuffer window = SegmentReader.window();
    private final List<SegmentHeader> headers = new ArrayList<>();
    private final Map<Long, String> gone = new HashMap<>();
    private @Nullable JournalId id;
    private long first;
    private long last;
    private @Nullable String unreadable;
    private long boot;
    private long sequence;
    private int chain;
    private boolean isBegun;

    private Salvage(Disk disk, Visitor visitor) {
        this.disk = disk;
        this.visitor = visitor;
    }

    /** Who hears what there is, in the order in which it was written. */
    public interface Visitor {

        /** A block that is whole; never the journal's own. */
        void block(Block block);

        /** Something is missing here. */
        void hole(Hole hole);
    }

    /**
     * What is missing between two blocks, or at one end.
     *
     * @param place the file, and where in it
     * @param why in words
     * @param blocks how many are missing, at least; 0 if nobody knows
     */
    public record Hole(String place, String why, long blocks) {

        @Override
        public String toString() {
            return place + " " + why + (blocks > 0 ? " blocks=" + blocks : "");
        }
    }

    /**
     * Whose it is, and how often it was opened as far as can be told.
     *
     * @param segmentBytes how long its files are
     */
    public record Found(JournalId id, long boot, long segmentBytes) {}

    /**
     * Reads all.
     *
     * @throws JournalException FOREIGN where nothing says whose it is; or where a later release has
     *     written it
     */
    public static Found read(Disk disk, Visitor visitor) {
        try {
            return new Salvage(disk, visitor).read();
        } catch (IOException e) {
            throw JournalException.failed("it cannot be read: error=" + e.getMessage(), e);
        }
    }

    private Found read() throws IOException {
        node();
        long segmentBytes = 0;
        for (long number : Recovery.numbers(disk)) {
            header(number);
            try (Disk.File file = disk.open(Recovery.nameOf(number))) {
                segmentBytes = Math.max(segmentBytes, file.size());
            }
        }
        JournalId of = id;
        if (of == null) {
            throw new JournalException(
                    JournalException.Reason.FOREIGN,
                    "a journal's directory has a file NODE, or segments that say whose they are:"
                            + " files="
                            + disk.names().size());
        }
        if (unreadable != null) {
            visitor.hole(new Hole("file=" + NodeFile.NAME, Objects.requireNonNull(unreadable), 0));
        }
        long expected = first;
        for (int i = 0; i < headers.size(); i++) {
            SegmentHeader next = i + 1 < headers.size() ? headers.get(i + 1) : null;
            if (expected > 0 && headers.get(i).number() > expected) {
                gone(expected, headers.get(i).endSequence());
            }
            segment(headers.get(i), next);
            expected = headers.get(i).number() + 1;
        }
        if (expected <= last) {
            gone(expected, sequence);
        }
        return new Found(of, boot, segmentBytes);
    }

    private void node() throws IOException {
        if (!disk.names().contains(NodeFile.NAME)) {
            unreadable = "it is missing";
            return;
        }
        try {
            NodeFile node = NodeFile.open(disk);
            node.close();
            id = node.state().id();
            boot = node.state().boot();
            first = node.state().first();
            last = node.state().last();
        } catch (JournalException damaged) {
            if (damaged.reason() != JournalException.Reason.DAMAGED) {
                throw damaged;
            }
            unreadable = "neither of its two parts is whole";
        }
    }

    private void header(long number) throws IOException {
        try (SegmentReader reader = SegmentReader.open(disk, Recovery.nameOf(number), window)) {
            SegmentHeader header = reader.header();
            if (id == null) {
                id = header.id();
            }
            if (header.number() != number || !header.id().equals(id)) {
                gone.put(number, "it is another's: " + header.id());
                return;
            }
            boot = Math.max(boot, header.boot());
            headers.add(header);
        } catch (JournalException damaged) {
            if (damaged.reason() != JournalException.Reason.DAMAGED) {
                throw damaged;
            }
            gone.put(number, "its header has another checksum");
        }
    }

    /** What is whole of one segment, up to where the next one says that it ends. */
    private void segment(SegmentHeader header, @Nullable SegmentHeader next) throws IOException {
        String name = Recovery.nameOf(header.number());
        if (!isBegun || header.endSequence() > sequence) {
            sequence = header.endSequence();
            chain = header.endChain();
        }
        isBegun = true;
        try (SegmentReader reader = SegmentReader.open(disk, name, window)) {
            long until = next == null ? Long.MAX_VALUE : next.endSequence();
            long at = SegmentHeader.BYTES;
            while (sequence < until) {
                long found = next(reader, at, until, next == null);
                if (found < 0) {
                    break;
                }
                Block block = Objects.requireNonNull(reader.at(found));
                if (found > at || block.chain() != chain) {
                    hole("segment=" + name + " at=" + at, block.place().sequence() - 1);
                }
                sequence = block.place().sequence();
                chain = block.crc();
                at = found + block.sizeBytes();
                if (block.kind() != Block.MARK) {
                    visitor.block(block);
                }
            }
            if (next != null && sequence < until) {
                hole("segment=" + name + " at=" + at, until);
                sequence = until;
                chain = next.endChain();
            }
        }
    }

    /** Where the next block begins that is whole; -1 where none does, or only some never synced. */
    private long next(SegmentReader reader, long from, long until, boolean isNewest)
            throws IOException {
        for (long at = from; ; at += Block.SECTOR) {
            if (!reader.hasSector(at)) {
                return -1;
            }
            Block block = reader.at(at);
            if (block != null
                    && block.place().sequence() > sequence
                    && block.place().sequence() <= until) {
                return at;
            }
            if (at == from && isNewest && !reader.wasSynced(sequence + 1, at)) {
                return -1;
            }
        }
    }

    /** A segment is not there, or cannot be read, and perhaps some that follow it. */
    private void gone(long number, long until) {
        long blocks = isBegun ? Math.max(0, until - sequence) : 0;
        String why = gone.getOrDefault(number, "it is missing");
        visitor.hole(new Hole("segment=" + Recovery.nameOf(number), why, blocks));
    }

    private void hole(String place, long until) {
        visitor.hole(new Hole(place, "it is not as it was written", Math.max(0, until - sequence)));
    }
}
