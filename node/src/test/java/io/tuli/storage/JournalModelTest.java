package io.tuli.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tuli.storage.JournalException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * D4, D5, D8: one journal over many lives on a disk that forgets, tears, fails, is full and rots,
 * held against a list. What was synced is read again or damage is told, and never is there silently
 * less; nothing is there that was not written. {@code -Dtuli.seed} says the first schedule, {@code
 * -Dtuli.seeds} how many; a disk that hangs is one on which the operation is never done, and its
 * process killed.
 */
class JournalModelTest {

    private static final JournalId ID = new JournalId(7, 1);
    private static final int SEGMENT_BYTES = 2 << 20;
    private static final int SCHEDULES = 2;
    private static final int LIVES = 6;
    private static final int STEPS_MOST = 60;

    /** What is on a disk of which block, as far as anybody can rely on it. */
    private final List<Long> found = new ArrayList<>();

    private long first;

    /** The same, if what was being let go of when it failed is gone. */
    private long firstPerhaps;

    private long last;
    private long synced;

    /** A whole block that is on disk for good knows everything up to here for synced. */
    private long firm;

    private long named;

    /** With which number each segment of this life begins. */
    private final Map<Long, Long> begins = new HashMap<>();

    private String schedule = "";
    private SplittableRandom random = new SplittableRandom();
    private TestDisk disk = new TestDisk(random);

    @Test
    @Tag("D4")
    void whatWasSyncedIsReadAgainOrDamageIsTold() {
        long seed = Long.getLong("tuli.seed", 1);
        for (int count = Integer.getInteger("tuli.seeds", SCHEDULES); count > 0; count--) {
            run(seed++);
        }
    }

    private void run(long seed) {
        random = new SplittableRandom(seed);
        disk = new TestDisk(random);
        first = 1;
        firstPerhaps = 1;
        last = 0;
        synced = 0;
        firm = 0;
        for (int life = 0; life < LIVES; life++) {
            schedule = "-Dtuli.seed=" + seed + " -Dtuli.seeds=1 life=" + life;
            disk.room(random.nextInt(3) == 0 ? 2L * SEGMENT_BYTES : Long.MAX_VALUE);
            if (random.nextInt(2) == 0) {
                disk.failAfter(random.nextInt(400));
            }
            live();
            disk = disk.crashed();
            if (random.nextInt(3) == 0) {
                rot();
            }
        }
    }

    private void live() {
        found.clear();
        Journal journal;
        try {
            journal =
                    Journal.open(
                            disk,
                            ID,
                            SEGMENT_BYTES,
                            random::nextLong,
                            block -> found.add(number(block.content())));
        } catch (JournalException refused) {
            assertThat(refused.reason()).as(schedule).isNotEqualTo(Reason.DAMAGED);
            return; // planted; what it had read before counts for nothing
        }
        first = found.contains(first) ? first : firstPerhaps;
        assertThat(found).as(schedule).hasSizeGreaterThanOrEqualTo((int) (synced - first + 1));
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).as(schedule).isEqualTo(first + i);
        }
        assertThat(first + found.size() - 1).as(schedule).isLessThanOrEqualTo(last);
        begins.clear();
        last = first + found.size() - 1;
        synced = last;
        firm = last;
        named = last;
        try {
            for (int step = random.nextInt(STEPS_MOST); step > 0; step--) {
                step(journal);
            }
        } catch (JournalException planted) {
            assertThat(planted.reason()).as(schedule).isIn(Reason.FAILED, Reason.FULL);
            last++; // perhaps
        }
    }

    private void step(Journal journal) {
        switch (random.nextInt(12)) {
            case 0, 1 -> sync(journal::sync);
            case 2 -> {
                sync(journal::confirm);
                firm = synced;
            }
            case 3 -> journal.prepare();
            case 4 -> drop(journal);
            case 5 -> replay(journal);
            case 6 -> disk.room(random.nextBoolean() ? 0 : Long.MAX_VALUE);
            default -> append(journal);
        }
    }

    private void append(Journal journal) {
        if (!journal.hasRoom(Block.CONTENT_MAX)) {
            return; // who is told that there is no room begins nothing
        }
        ByteBuffer content = journal.content();
        long number = last + 1;
        content.putLong(number);
        int most = random.nextInt(4) == 0 ? 400_000 : 3_000;
        for (int i = random.nextInt(most); i > 0; i--) {
            content.put((byte) (number * 31 + i));
        }
        long segment = journal.segment();
        named = synced;
        journal.append((byte) 1);
        last = number;
        begins.putIfAbsent(journal.segment(), number);
        if (journal.segment() != segment) { // the one before is synced, and named by this one
            synced = last - 1;
            firm = synced;
            named = synced;
        }
    }

    private void sync(Runnable how) {
        how.run();
        synced = last;
        firm = Math.max(firm, named);
    }

    private void drop(Journal journal) {
        List<Long> left = new ArrayList<>();
        if (begins.containsKey(journal.segment() - 1)) {
            sync(journal::sync);
            firstPerhaps = begins.get(journal.segment() - 1);
            journal.dropBefore(journal.segment() - 1);
            first = firstPerhaps;
            journal.replay(block -> left.add(number(block.content())));
            assertThat(left).as(schedule).hasSize((int) (last - first + 1));
        }
    }

    private void replay(Journal journal) {
        List<Long> all = new ArrayList<>();
        journal.replay(block -> all.add(number(block.content())));
        assertThat(all).as(schedule).hasSize((int) (last - first + 1));
    }

    private static long number(ByteBuffer content) {
        long number = content.getLong();
        for (int i = content.remaining(); i > 0; i--) {
            if (content.get() != (byte) (number * 31 + i)) {
                fail("a block that was never written: %d", number);
            }
        }
        return number;
    }

    /**
     * One bit is another one. Where nothing is said of damage all that was known for synced is
     * there; then the bit is what it was.
     */
    private void rot() {
        TestDisk rotten = disk.copy();
        List<String> names = rotten.names().stream().filter(n -> !n.endsWith("tmp")).toList();
        byte[] bytes = rotten.bytes(names.get(random.nextInt(names.size())));
        bytes[
                        random.nextInt(
                                random.nextBoolean()
                                        ? Math.min(9_000, bytes.length)
                                        : bytes.length)] ^=
                (byte) (1 << random.nextInt(8));
        List<Long> left = new ArrayList<>();
        try {
            Journal.open(
                    rotten,
                    ID,
                    SEGMENT_BYTES,
                    random::nextLong,
                    block -> left.add(number(block.content())));
        } catch (JournalException told) {
            assertThat(told.reason()).as(schedule).isIn(Reason.DAMAGED, Reason.FULL);
            return;
        }
        assertThat(left)
                .as("%s rot, synced=%d firm=%d", schedule, synced, firm)
                .hasSizeGreaterThanOrEqualTo((int) (firm - Math.max(first, firstPerhaps) + 1));
        long from = left.isEmpty() || left.contains(first) ? first : firstPerhaps;
        for (int i = 0; i < left.size(); i++) {
            assertThat(left.get(i)).as(schedule).isEqualTo(from + i);
        }
    }
}
