package io.tuli.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** D5: what is whole of a damaged journal is found, in order, and each hole is told of. */
class SalvageTest {

    private static final JournalId ID = new JournalId(7, 1);
    private static final int SEGMENT_BYTES = 2 << 20;
    private static final int BLOCKS = 60;

    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<Long> found = new ArrayList<>();
    private final List<Salvage.Hole> holes = new ArrayList<>();

    /** Blocks 1 to 60, over some segments and two lives. */
    private TestDisk written() throws IOException {
        TestDisk disk = new TestDisk(random);
        for (int life = 0; life < 2; life++) {
            try (Journal journal =
                    Journal.open(disk, ID, SEGMENT_BYTES, random::nextLong, block -> {})) {
                for (long i = 1; i <= BLOCKS / 2; i++) {
                    ByteBuffer content = journal.content();
                    content.putLong(life * BLOCKS / 2 + i);
                    content.put(new byte[random.nextInt(200_000)]);
                    journal.append((byte) 1);
                }
            }
        }
        return disk;
    }

    private Salvage.Found salvage(Disk disk) {
        found.clear();
        holes.clear();
        return Salvage.read(
                disk,
                new Salvage.Visitor() {
                    @Override
                    public void block(Block block) {
                        found.add(block.content().getLong());
                    }

                    @Override
                    public void hole(Salvage.Hole hole) {
                        holes.add(hole);
                    }
                });
    }

    private static boolean isDamaged(TestDisk disk) {
        try {
            Journal.open(disk.copy(), ID, SEGMENT_BYTES, () -> 1, block -> {}).close();
            return false;
        } catch (IOException | JournalException damaged) {
            return true;
        }
    }

    private void assertAllButAFew(TestDisk spoilt) {
        Salvage.Found whose = salvage(spoilt);
        assertThat(whose.id()).isEqualTo(ID);
        assertThat(found)
                .as("-Dtuli.seed=%d", seed)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(number -> number >= 1 && number <= BLOCKS);
        assertThat(holes.isEmpty()).as("-Dtuli.seed=%d", seed).isEqualTo(!isDamaged(spoilt));
    }

    @Test
    void ofAWholeOneAllIsFoundAndNothingIsMissing() throws IOException {
        TestDisk disk = written();
        Salvage.Found whose = salvage(disk);
        assertThat(found).hasSize(BLOCKS).first().isEqualTo(1L);
        assertThat(holes).isEmpty();
        assertThat(whose).isEqualTo(new Salvage.Found(ID, 2, SEGMENT_BYTES));
    }

    @Test
    @Tag("D5")
    void whereABitFlipsOneBlockIsMissingAndTheOthersAreThere() throws IOException {
        TestDisk disk = written();
        int hit = 0;
        for (int round = 0; round < 25; round++) {
            TestDisk spoilt = disk.copy();
            List<String> names = spoilt.names().stream().filter(n -> n.endsWith("seg")).toList();
            byte[] bytes = spoilt.bytes(names.get(random.nextInt(names.size())));
            bytes[random.nextInt(SegmentHeader.BYTES, bytes.length)] ^= 1;
            assertAllButAFew(spoilt);
            assertThat(found.size()).as("-Dtuli.seed=%d", seed).isBetween(BLOCKS - 1, BLOCKS);
            hit += holes.isEmpty() ? 0 : 1;
            assertThat(holes)
                    .as("-Dtuli.seed=%d", seed)
                    .allSatisfy(hole -> assertThat(hole.blocks()).isEqualTo(1));
        }
        assertThat(hit).as("flips that hit something").isPositive();
    }

    @Test
    @Tag("D5")
    void whereAFileOrAHeaderOrNodeIsGoneTheRestIsFound() throws IOException {
        TestDisk disk = written();
        for (String name : disk.names()) {
            if (name.endsWith("tmp")) {
                continue;
            }
            TestDisk without = disk.copy();
            without.delete(name);
            assertAllButAFew(without);
            assertThat(holes).as(name).isNotEmpty();
            TestDisk spoilt = disk.copy();
            Arrays.fill(spoilt.bytes(name), 0, 1024, (byte) 0xff);
            assertAllButAFew(spoilt);
            assertThat(holes).as(name).isNotEmpty();
            assertThat(found.size()).as(name).isGreaterThan(BLOCKS / 4);
        }
    }

    @Test
    void whatIsNoJournalIsRefused() {
        assertThatThrownBy(() -> salvage(new TestDisk(random)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("segments that say whose they are: files=0");
    }
}
