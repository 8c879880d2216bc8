package io.tuli.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import io.tuli.replica.KeptPartition;
import io.tuli.storage.FileDisk;
import io.tuli.storage.Journal;
import io.tuli.storage.JournalId;
import io.tuli.wire.FrameEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A directory that a member of this format wrote, as it was, is read by each later build: {@code
 * journal-v1.zip}, of two lives, which is never changed, and what it says in this build's words,
 * {@code journal-v1.txt}. A format that moves its bytes has a number of its own, and files beside
 * these.
 */
class GoldenJournalTest {

    private static final JournalId ID = new JournalId(0x0102030405060708L, 9);
    private static final int SEGMENT_BYTES = 2 << 20;
    private static final int SERVICE = 77;
    private static final Epoch EPOCH = new Epoch(3, 0x1122334455667788L);
    private static final LogPosition START = LogPosition.START;

    @TempDir Path directory;

    // ---- what is in it -------------------------------------------------------------------------

    private static Entry entry(long offset, String key, Payload value) {
        return new Entry(
                EPOCH,
                offset,
                1_700_000_000_000L + offset,
                new RequestId(5, offset),
                List.of(Edit.update(Key.of(key), value)),
                Payload.NONE,
                List.of());
    }

    private static List<Frame.OfPartition> firstLife() {
        return List.of(
                new Frame.SnapshotTaken(SERVICE, 0, Epoch.ZERO, START, 0),
                new Frame.Promise(SERVICE, 0, EPOCH, START, START),
                new Frame.Append(
                        SERVICE,
                        0,
                        EPOCH,
                        START,
                        1,
                        Entries.of(
                                List.of(
                                        Entry.opening(EPOCH, 0, 7),
                                        entry(1, "grüße", Payload.json("{\"a\":[1,null]}"))))),
                new Frame.SnapshotPart(SERVICE, 1, EPOCH, START, 0, true, empty()),
                new Frame.SnapshotTaken(SERVICE, 1, EPOCH, START, 1));
    }

    private static Snapshot empty() {
        return new Snapshot(List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** Longer than a block. */
    private static List<Frame.OfPartition> secondLife() {
        return List.of(
                new Frame.Append(
                        SERVICE,
                        0,
                        EPOCH,
                        new LogPosition(EPOCH, 2),
                        2,
                        Entries.of(
                                List.of(entry(2, "long", Payload.opaque(new byte[1_200_000]))))));
    }

    private static void put(Journal journal, byte begins, byte goesOn, ByteBuf bytes) {
        byte kind = begins;
        while (bytes.isReadable()) {
            ByteBuffer content = journal.content();
            int count = Math.min(content.remaining(), bytes.readableBytes());
            content.put(bytes.nioBuffer(bytes.readerIndex(), count));
            bytes.skipBytes(count);
            journal.append(kind);
            kind = goesOn;
        }
    }

    private static ByteBuf bytes(List<Frame.OfPartition> records) {
        FrameEncoder encoder = new FrameEncoder(Staging.RECORDS);
        ByteBuf bytes = Unpooled.buffer();
        records.forEach(record -> encoder.encode(record, bytes));
        return bytes;
    }

    @Test
    @EnabledIfSystemProperty(named = "tuli.golden", matches = ".+")
    void itIsWrittenOnce() throws IOException {
        long[] salt = {41};
        for (int life = 0; life < 2; life++) {
            try (FileDisk disk = FileDisk.open(directory);
                    Journal journal =
                            Journal.open(disk, ID, SEGMENT_BYTES, () -> ++salt[0], block -> {})) {
                Map<String, byte[]> notes = new LinkedHashMap<>();
                notes.put(Notes.SERVICE + "s", "2 hash".getBytes(StandardCharsets.UTF_8));
                notes.put(Notes.RING + "s", new byte[] {1, 0, 0});
                Notes.write(notes, journal.content());
                journal.append(JournalRecords.NOTES);
                List<Frame.OfPartition> records = life == 0 ? firstLife() : secondLife();
                put(journal, JournalRecords.BEGINS, JournalRecords.GOES_ON, bytes(records));
                KeptPartition kept = new KeptPartition();
                firstLife().stream().filter(each -> each.partition() == 0).forEach(kept::add);
                ByteBuf moved = new MovedPartition(Replaced.keyOf(SERVICE, 2), kept).bytes();
                put(journal, JournalRecords.MOVED, JournalRecords.MOVED_ON, moved);
            }
        }
        Path zip = Path.of(System.getProperty("tuli.golden"), "journal-v1.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
                var files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.equals("NODE") || name.endsWith(".seg")) {
                    out.putNextEntry(new ZipEntry(name));
                    out.write(Files.readAllBytes(file));
                }
            }
        }
        Files.write(zip.resolveSibling("journal-v1.txt"), said());
    }

    // ---- what is read of it --------------------------------------------------------------------

    private void unpack() throws IOException {
        try (ZipInputStream in = new ZipInputStream(resource("journal-v1.zip"))) {
            for (ZipEntry file = in.getNextEntry(); file != null; file = in.getNextEntry()) {
                Files.write(directory.resolve(file.getName()), in.readAllBytes());
            }
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(GoldenJournalTest.class.getResourceAsStream(name));
    }

    /** What it says, a line each. */
    private List<String> said() throws IOException {
        List<String> lines = new ArrayList<>();
        JournalRecords records =
                new JournalRecords(
                        new JournalRecords.Visitor() {
                            @Override
                            public void record(Frame.OfPartition record, int size, long segment) {
                                lines.add(segment + " " + size + " " + shortened(record));
                            }

                            @Override
                            public void note(String key, byte[] value) {
                                lines.add("note " + key + " " + value.length);
                            }

                            @Override
                            public void moved(MovedPartition whole, int size, long segment) {
                                lines.add(segment + " " + size + " moved " + whole.key());
                                whole.kept()
                                        .forEach(
                                                SERVICE,
                                                2,
                                                each -> lines.add("  " + shortened(each)));
                            }
                        });
        try (FileDisk disk = FileDisk.open(directory);
                Journal journal = Journal.open(disk, ID, SEGMENT_BYTES, () -> 99, records)) {
            lines.add("boot " + journal.boot());
        }
        return lines;
    }

    private static String shortened(Frame.OfPartition record) {
        String text =
                record instanceof Frame.Append append
                        ? append.prev() + " " + append.committedEnd() + append.entries().list()
                        : record.toString();
        return record.getClass().getSimpleName()
                + " "
                + (text.length() > 300 ? text.substring(0, 300) + "…" : text);
    }

    @Test
    @Tag("D4")
    void whatAnEarlierBuildWroteIsReadAsItWasAndGoneOnFrom() throws IOException {
        unpack();
        List<String> expected =
                new String(resource("journal-v1.txt").readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        assertThat(said()).isEqualTo(expected);
    }
}
