package io.tuli.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * D4, D5: after any crash the journal holds all that was synced, in order, and nothing that was
 * never written; what is damaged is told, and never cut off.
 */
class JournalTest {

    private static final JournalId ID = new JournalId(7, 1);
    private static final int SEGMENT_BYTES = 2 << 20;
    private static final byte KIND = 1;

    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<Long> found = new ArrayList<>();

    private Journal open(Disk disk) {
        found.clear();
        return Journal.open(
                disk,
                ID,
                SEGMENT_BYTES,
                random::nextLong,
                block -> found.add(number(block.content())));
    }

    /** The content of a block: its number, and what follows from it. */
    private static void put(ByteBuffer into, long number, int bytes) {
        into.putLong(number);
        for (int i = 0; i < bytes; i++) {
            into.put((byte) (number * 31 + i));
        }
    }

    private static long number(ByteBuffer content) {
        long number = content.getLong();
        for (int i = 0; content.hasRemaining(); i++) {
            if (content.get() != (byte) (number * 31 + i)) {
                fail("a block that was never written: %d", number);
            }
        }
        return number;
    }

    private long append(Journal journal, long number) {
        int most = random.nextInt(5) == 0 ? 500_000 : 2_000;
        put(journal.content(), number, random.nextInt(most));
        return journal.append(KIND);
    }

    /** Blocks 1 to so many, all synced and confirmed. */
    private TestDisk written(int blocks) throws IOException {
        TestDisk disk = new TestDisk(random);
        try (Journal journal = open(disk)) {
            for (int number = 1; number <= blocks; number++) {
                append(journal, number);
                if (random.nextInt(4) == 0) {
                    journal.sync();
                }
            }
        }
        return disk;
    }

    private static List<Long> upTo(long last) {
        List<Long> numbers = new ArrayList<>();
        for (long number = 1; number <= last; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    private void assertWhole(TestDisk disk, int blocks) throws IOException {
        try (Journal journal = open(disk)) {
            assertThat(found).as("-Dtuli.seed=%d", seed).isEqualTo(upTo(blocks));
            assertThat(journal.synced()).isGreaterThanOrEqualTo(blocks);
        }
    }

    private void assertRefused(TestDisk disk, JournalException.Reason reason) {
        assertThatThrownBy(() -> open(disk))
                .as("-Dtuli.seed=%d", seed)
                .isInstanceOfSatisfying(
                        JournalException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    // ---- crashes -------------------------------------------------------------------------------

    @RepeatedTest(20)
    @Tag("D4")
    void afterAnyCrashThereIsAllThatWasSyncedAndAPrefixOfTheRest() {
        TestDisk disk = new TestDisk(random);
        long synced = 0;
        long last = 0;
        for (int life = 0; life < 8; life++) {
            disk.failAfter(random.nextInt(life == 0 ? 12 : 200));
            long begun = last;
            try {
                Journal journal = open(disk);
                assertThat(found)
                        .as("-Dtuli.seed=%d life=%d", seed, life)
                        .isEqualTo(upTo(found.size()))
                        .hasSizeBetween((int) synced, (int) begun);
                last = found.size();
                synced = last;
                while (true) {
                    append(journal, last + 1);
                    last++;
                    switch (random.nextInt(6)) {
                        case 0 -> {
                            journal.sync();
                            synced = last;
                        }
                        case 1 -> {
                            journal.confirm();
                            synced = last;
                        }
                        case 2 -> journal.prepare();
                        default -> {} // more before it is synced
                    }
                }
            } catch (JournalException planted) {
                assertThat(planted.reason())
                        .isIn(JournalException.Reason.FAILED, JournalException.Reason.FULL);
                last++; // the last one may be there, though its append failed
            }
            disk = disk.crashed();
        }
    }

    @Test
    @Tag("D7")
    void afterAFailureNothingIsTriedAgain() {
        for (int operations = 0; operations < 300; operations++) {
            TestDisk disk = new TestDisk(random);
            disk.failAfter(operations);
            long synced = 0;
            boolean isBroken = false;
            Journal journal = null;
            try {
                journal = open(disk);
                for (long number = 1; number <= 150; number++) {
                    put(journal.content(), number, 40_000);
                    journal.append(KIND);
                    journal.sync();
                    synced = number;
                }
            } catch (JournalException failed) {
                assertThat(failed.reason()).isNotEqualTo(JournalException.Reason.DAMAGED);
                isBroken = failed.reason() == JournalException.Reason.FAILED;
            }
            int before = disk.operations;
            if (journal != null && isBroken) {
                Journal broken = journal;
                assertThatThrownBy(() -> append(broken, 1)).isInstanceOf(JournalException.class);
                assertThatThrownBy(broken::sync).isInstanceOf(JournalException.class);
                assertThat(disk.operations - before).isLessThanOrEqualTo(1);
            }
            open(disk.copy());
            assertThat(found.size()).isGreaterThanOrEqualTo((int) synced);
            assertThat(found).isEqualTo(upTo(found.size()));
        }
    }

    @Test
    @Tag("D8")
    void aFullDiskRefusesBeforeAnythingIsWrittenAndGoesOnWhenThereIsRoom() throws IOException {
        TestDisk disk = new TestDisk(random);
        disk.room(SEGMENT_BYTES + 4096);
        Journal journal = open(disk);
        long last = 0;
        try {
            while (true) {
                append(journal, last + 1);
                last++;
            }
        } catch (JournalException full) {
            assertThat(full.reason()).isEqualTo(JournalException.Reason.FULL);
        }
        assertThat(journal.written()).isEqualTo(last);
        journal.sync();
        disk.room(SEGMENT_BYTES);
        append(journal, last + 1);
        journal.close();
        disk.room(Long.MAX_VALUE);

        assertWhole(disk, (int) last + 1);
    }

    // ---- damage --------------------------------------------------------------------------------

    @Test
    @Tag("D5")
    void aBitThatFlipsIsDamageOrIsNothing() throws IOException {
        int blocks = 60;
        TestDisk disk = written(blocks);
        int told = 0;
        for (int round = 0; round < 500; round++) {
            TestDisk spoilt = disk.copy();
            List<String> names = spoilt.names().stream().filter(n -> n.endsWith("seg")).toList();
            byte[] bytes = spoilt.bytes(names.get(random.nextInt(names.size())));
            int reach = round % 2 == 0 ? 8_192 : bytes.length;
            bytes[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
            told += isToldOrWhole(spoilt, blocks) ? 1 : 0;
        }
        assertThat(told).as("flips that hit something").isPositive();
    }

    private boolean isToldOrWhole(TestDisk disk, int blocks) {
        try {
            open(disk);
        } catch (JournalException damaged) {
            assertThat(damaged.reason()).isEqualTo(JournalException.Reason.DAMAGED);
            return true;
        }
        assertThat(found).as("-Dtuli.seed=%d", seed).isEqualTo(upTo(blocks));
        return false;
    }

    private static String newest(TestDisk disk) {
        return disk.names().stream().filter(name -> name.endsWith("seg")).toList().getLast();
    }

    private static int endOf(byte[] segment) {
        int end = segment.length;
        while (segment[end - 1] == 0) {
            end--;
        }
        return (end + Block.SECTOR - 1) / Block.SECTOR * Block.SECTOR;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 511, 512, 4096, 100_000})
    void whateverLiesBehindTheEndIsNotRead(int length) throws IOException {
        TestDisk disk = written(40);
        byte[] bytes = disk.bytes(newest(disk));
        int end = endOf(bytes);
        Arrays.fill(bytes, end, Math.min(bytes.length, end + length), (byte) 0xff);

        assertWhole(disk, 40);
    }

    @Test
    void aBlockThatIsThereTwiceIsReadOnce() throws IOException {
        TestDisk disk = written(40);
        byte[] bytes = disk.bytes(newest(disk));
        int end = endOf(bytes);
        System.arraycopy(bytes, end - Block.SECTOR, bytes, end, Block.SECTOR);

        assertWhole(disk, 40);
    }

    @Test
    void blocksThatChangedPlacesAreDamage() throws IOException {
        TestDisk disk = new TestDisk(random);
        try (Journal journal = open(disk)) {
            for (int number = 1; number <= 40; number++) {
                put(journal.content(), number, 10);
                journal.append(KIND);
            }
        }
        byte[] bytes = disk.bytes(newest(disk));
        int at = SegmentHeader.BYTES + 3 * Block.SECTOR;
        byte[] one = Arrays.copyOfRange(bytes, at, at + Block.SECTOR);
        System.arraycopy(bytes, at + Block.SECTOR, bytes, at, Block.SECTOR);
        System.arraycopy(one, 0, bytes, at + Block.SECTOR, Block.SECTOR);

        assertRefused(disk, JournalException.Reason.DAMAGED);
    }

    @Test
    void aSegmentThatIsMissingIsDamageWhereverItWas() throws IOException {
        TestDisk disk = written(1_000);
        List<String> segments = disk.names().stream().filter(n -> n.endsWith("seg")).toList();
        assertThat(segments).hasSizeGreaterThan(2);
        for (String segment : segments) {
            TestDisk spoilt = disk.copy();
            spoilt.delete(segment);
            assertRefused(spoilt, JournalException.Reason.DAMAGED);
        }
        TestDisk without = disk.copy();
        without.delete(NodeFile.NAME);
        assertRefused(without, JournalException.Reason.DAMAGED);
    }

    @Test
    void anOlderSegmentOrNodeFilePutBackIsDamage() throws IOException {
        TestDisk disk = new TestDisk(random);
        Journal journal = open(disk);
        for (long number = 1; number <= 30; number++) {
            append(journal, number);
        }
        journal.sync();
        String segment = newest(disk);
        byte[] older = disk.bytes(segment).clone();
        byte[] node = disk.bytes(NodeFile.NAME).clone();
        for (long number = 31; journal.segment() < 6; number++) {
            append(journal, number);
        }
        journal.close();
        TestDisk spoilt = disk.copy();
        spoilt.put(segment, older);
        assertRefused(spoilt, JournalException.Reason.DAMAGED);

        TestDisk forgetful = disk.copy();
        forgetful.put(NodeFile.NAME, node);
        assertRefused(forgetful, JournalException.Reason.DAMAGED);
    }

    /**
     * As when a copy of a directory was started, and its files were then mixed with the first's.
     */
    @Test
    void segmentsOfTwoLivesThatWentOnFromOneAreDamage() throws IOException {
        TestDisk one = written(30);
        TestDisk other = one.copy();
        for (TestDisk disk : List.of(one, other)) {
            try (Journal journal = open(disk)) {
                append(journal, 31);
            }
            open(disk).close();
        }
        String second = Recovery.nameOf(Recovery.numbers(one).last() - 1);
        one.put(second, other.bytes(second));

        assertRefused(one, JournalException.Reason.DAMAGED);
    }

    @Test
    void whatAUserWritesIsNeverTakenForABlock() throws IOException {
        TestDisk disk = new TestDisk(random);
        Journal journal = open(disk);
        put(journal.content(), 1, 100);
        journal.append(KIND);
        journal.sync();
        ByteBuffer forged = ByteBuffer.allocate(4 * Block.SECTOR);
        forged.position(Block.HEADER_BYTES).put(new byte[100]).flip();
        Block.seal(forged, 0, new Block.Place(journal.segment(), 9, 9), 0, KIND);
        byte[] content = new byte[2 * Block.SECTOR - Block.HEADER_BYTES];
        forged.get(0, content, Block.SECTOR - Block.HEADER_BYTES, Block.SECTOR);
        journal.content().put(content);
        journal.append(KIND);
        byte[] bytes = disk.bytes(newest(disk));
        bytes[SegmentHeader.BYTES + Block.SECTOR + 50] ^=
                1; // it was on its way when the power went

        open(disk.copy());
        assertThat(found).containsExactly(1L);
    }

    @RepeatedTest(10)
    @Tag("D4")
    void whatALifeFoundAfterAKilledOneIsThereWhenThePowerGoesThen() throws IOException {
        TestDisk disk = new TestDisk(random);
        Journal killed = open(disk);
        for (int number = 1; number <= 5; number++) {
            append(killed, number);
        }
        open(disk); // the system has it all, though nobody had synced it
        assertThat(found).isEqualTo(upTo(5));
        open(disk.crashed());
        assertThat(found).as("-Dtuli.seed=%d", seed).isEqualTo(upTo(5));
    }

    @Test
    void anothersJournalIsRefusedAndLeftAsItIs() throws IOException {
        TestDisk disk = written(10);
        assertThatThrownBy(
                        () ->
                                Journal.open(
                                        disk,
                                        new JournalId(7, 2),
                                        SEGMENT_BYTES,
                                        random::nextLong,
                                        block -> {}))
                .isInstanceOf(JournalException.class)
                .hasMessage(
                        "a directory must be of this member: name another, or the node it is of:"
                                + " journal=7/1 here=7/2");
        assertWhole(disk, 10);
    }

    @Test
    void whatALaterReleaseWroteIsRefusedAndLeftAsItIs() throws IOException {
        TestDisk disk = written(10);
        byte[] bytes = disk.bytes("NODE");
        ByteBuffer slots = ByteBuffer.wrap(bytes);
        for (int slot : new int[] {0, 512}) {
            slots.putInt(slot + 56, 2); // its format
            slots.putInt(slot + 60, Block.checksum(slots, slot, slot + 60));
        }
        byte[] before = bytes.clone();
        assertRefused(disk, JournalException.Reason.FOREIGN);
        assertThat(disk.bytes("NODE")).isEqualTo(before);
    }

    // ---- segments ------------------------------------------------------------------------------

    @Test
    void whatIsLetGoOfIsDeletedAndTheRestIsRead() throws IOException {
        TestDisk disk = new TestDisk(random);
        Journal journal = open(disk);
        long number = 0;
        while (journal.segment() < 4) {
            append(journal, ++number);
        }
        journal.dropBefore(4);
        journal.close();

        assertThat(Recovery.numbers(disk)).containsExactly(4L);
        open(disk).close();
        assertThat(found).isNotEmpty().endsWith(number).doesNotContain(1L);
    }
}
