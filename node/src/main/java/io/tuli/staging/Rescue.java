package io.tuli.staging;

import io.tuli.agreement.KeptRing;
import io.tuli.protocol.Frame;
import io.tuli.replica.KeptPartition;
import io.tuli.storage.Block;
import io.tuli.storage.Disk;
import io.tuli.storage.FileDisk;
import io.tuli.storage.Journal;
import io.tuli.storage.JournalId;
import io.tuli.storage.Salvage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What can be had of a member's directory, be it damaged or an old copy, and how another node
 * begins with it. What a node has told others it must have for ever; so who has less, or had it
 * long ago, is another node: its data are merged with what there is, as after a split, and nobody
 * counts on it. The directory itself is set aside as it is, and never written to. One thread.
 */
public final class Rescue {

    private static final int SEGMENT_BYTES_MIN = 2 << 20;

    private final Path directory;
    private final Salvage.Found found;
    private final Gathered gathered = new Gathered();

    /** What is there, by the partition. */
    private static final class Gathered implements Salvage.Visitor, JournalRecords.Visitor {

        private final JournalRecords records = new JournalRecords(this);
        private final List<Salvage.Hole> holes = new ArrayList<>();
        private final Map<String, byte[]> notes = new LinkedHashMap<>();
        private final Map<Long, SalvagedPartition> partitions = new TreeMap<>();

        @Override
        public void block(Block block) {
            records.accept(block);
        }

        @Override
        public void hole(Salvage.Hole hole) {
            holes.add(hole);
            records.hole();
        }

        @Override
        public void record(Frame.OfPartition record, int size, long segment) {
            of(Replaced.keyOf(record.service(), record.partition())).add(record);
        }

        @Override
        public void note(String key, byte[] value) {
            notes.put(key, value);
        }

        @Override
        public void moved(MovedPartition whole, int size, long segment) {
            long key = whole.key();
            of(key).moved(Replaced.serviceOf(key), Replaced.partitionOf(key), whole.kept());
        }

        private SalvagedPartition of(long key) {
            return partitions.computeIfAbsent(key, any -> new SalvagedPartition());
        }
    }

    private Rescue(Path directory, Disk disk) {
        this.directory = directory;
        this.found = Salvage.read(disk, gathered);
    }

    /**
     * Reads what there is, and changes nothing.
     *
     * @throws io.tuli.storage.JournalException LOCKED where a member uses it, FOREIGN where there
     *     is no journal
     */
    public static Rescue of(Path directory) throws IOException {
        try (Disk disk = FileDisk.reading(directory)) {
            return new Rescue(directory, disk);
        }
    }

    /** Whose it is. */
    public JournalId id() {
        return found.id();
    }

    /** What is missing; empty where it is whole, but for an end that a crash has cut. */
    public List<Salvage.Hole> holes() {
        return List.copyOf(gathered.holes);
    }

    /**
     * What of one partition cannot be had.
     *
     * @param end up to which offset its changelog is there
     * @param missing entries that are known to have followed
     */
    public record Shortened(int service, int partition, long end, long missing) {}

    /** Partitions of which it is known that something is missing. */
    public List<Shortened> shortened() {
        List<Shortened> shortened = new ArrayList<>();
        gathered.partitions.forEach(
                (key, each) -> {
                    if (each.missing() > 0) {
                        int service = Replaced.serviceOf(key);
                        int partition = Replaced.partitionOf(key);
                        shortened.add(
                                new Shortened(service, partition, each.end(), each.missing()));
                    }
                });
        return shortened;
    }

    /** How many partitions have something. */
    public long partitions() {
        return gathered.partitions.values().stream().filter(each -> !each.kept().isEmpty()).count();
    }

    /** The last value of each note. */
    public Map<String, byte[]> notes() {
        return Map.copyOf(gathered.notes);
    }

    /**
     * Puts another node's directory in the place of this one, with all that could be had; this one
     * is moved aside.
     *
     * @return where it is now
     * @throws IOException where there is no room, or something of that name is in the way; then it
     *     is where it was
     */
    public Path replace() throws IOException {
        Path anew = beside(".anew");
        Path aside = beside(".aside");
        for (int more = 2; Files.exists(aside); more++) {
            aside = beside(".aside" + more);
        }
        if (Files.exists(anew)) {
            throw new IOException("something is in the way: remove it, or move it: " + anew);
        }
        write(anew);
        Files.move(directory, aside);
        Files.move(anew, directory);
        return aside;
    }

    private Path beside(String suffix) {
        return directory.toAbsolutePath().normalize().resolveSibling(name() + suffix);
    }

    private String name() {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return name == null ? "data" : name.toString();
    }

    private void write(Path to) throws IOException {
        SecureRandom random = new SecureRandom();
        JournalId id = new JournalId(found.id().mesh(), random.nextLong());
        int segment = Math.clamp(found.segmentBytes(), SEGMENT_BYTES_MIN, 1 << 30);
        try (FileDisk disk = FileDisk.open(to);
                Journal journal = Journal.open(disk, id, segment, random::nextLong, none -> {})) {
            Map<String, byte[]> services = new LinkedHashMap<>(gathered.notes);
            services.keySet().removeIf(key -> !key.startsWith(Notes.SERVICE));
            note(journal, services);
            gathered.partitions.forEach((key, each) -> put(journal, key, each.kept()));
            journal.sync();
        }
    }

    private static void put(Journal journal, long key, KeptPartition kept) {
        ByteBuffer bytes = new MovedPartition(key, kept).bytes().nioBuffer();
        byte kind = JournalRecords.MOVED;
        while (bytes.hasRemaining()) {
            ByteBuffer content = journal.content();
            int count = Math.min(content.remaining(), bytes.remaining());
            content.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            journal.append(kind);
            kind = JournalRecords.MOVED_ON;
        }
    }

    private static void note(Journal journal, Map<String, byte[]> notes) {
        Map<String, byte[]> queue = new LinkedHashMap<>(notes);
        while (!queue.isEmpty()) {
            Notes.write(queue, journal.content());
            journal.append(JournalRecords.NOTES);
        }
    }

    /**
     * Notes in a whole directory, in the place of those with the same keys: as the next life of its
     * member finds them. Rings are what an operator changes, see {@link KeptRing#without}.
     *
     * @throws io.tuli.storage.JournalException where it is damaged, or in use
     */
    public static void note(Path directory, JournalId id, Map<String, byte[]> changed)
            throws IOException {
        KeptServices before = KeptServices.of(service -> false);
        SecureRandom random = new SecureRandom();
        try (FileDisk disk = FileDisk.open(directory);
                Journal journal =
                        Journal.open(disk, id, SEGMENT_BYTES_MIN, random::nextLong, before)) {
            Map<String, byte[]> all = new LinkedHashMap<>(before.notes().all());
            all.putAll(changed);
            note(journal, all);
            journal.sync();
        }
    }
}
