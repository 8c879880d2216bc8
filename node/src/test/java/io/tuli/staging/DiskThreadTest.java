package io.tuli.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Commit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.protocol.Frame;
import io.tuli.storage.Block;
import io.tuli.storage.FileDisk;
import io.tuli.storage.Journal;
import io.tuli.storage.JournalException;
import io.tuli.storage.JournalId;
import io.tuli.wire.FrameDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** D1, D2, D7, D8: what loops stage is kept, or it is never said to be. */
@Timeout(60)
class DiskThreadTest {

    private static final JournalId ID = new JournalId(7, 1);
    private static final int SEGMENT_BYTES = 2 << 20;
    private static final long JOURNAL_BYTES = 1L << 40;
    private static final long RESERVE_BYTES = 10 << 20;
    private static final int LOOPS = 2;
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(30);
    private static final int SOON_SERVICE = 10;
    private static final long NOW = 0;
    private static final long LATER = TimeUnit.HOURS.toNanos(1);

    @TempDir Path directory;

    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Heard heard = new Heard();
    private final long[] tickets = new long[LOOPS];
    private FaultyDisk disk;
    private DiskThread thread;

    private static final class Heard implements DiskListener {

        final AtomicLongArray kept = new AtomicLongArray(LOOPS);
        final List<String> rooms = new ArrayList<>();
        final AtomicInteger changes = new AtomicInteger();
        volatile JournalException failed;
        final AtomicInteger failures = new AtomicInteger();
        volatile Duration slow;
        volatile Duration stuck;
        final AtomicInteger slows = new AtomicInteger();

        @Override
        public void kept(int loop, long ticket) {
            kept.set(loop, ticket);
        }

        @Override
        public boolean isOpen(int service, int partition) {
            return false;
        }

        @Override
        public void keepAnew(int service, int partition) {
            throw new AssertionError("nothing is open");
        }

        @Override
        public void room(boolean hasRoom, String why) {
            rooms.add(hasRoom + " " + why);
            changes.incrementAndGet();
        }

        @Override
        public void failed(JournalException why) {
            failed = why;
            failures.incrementAndGet();
        }

        @Override
        public void slow(Duration busy) {
            slow = busy;
            slows.incrementAndGet();
        }

        @Override
        public void stuck(Duration busy) {
            stuck = busy;
        }
    }

    @BeforeEach
    void begin() throws IOException {
        disk = new FaultyDisk(FileDisk.open(directory));
        KeptServices before = new KeptServices();
        Journal journal = Journal.open(disk, ID, SEGMENT_BYTES, random::nextLong, before);
        before.end();
        before.needs().replaced(new Replaced(0, 0, true, 0, 0), journal.segment());
        DiskBounds bounds =
                new DiskBounds(
                        SEGMENT_BYTES,
                        JOURNAL_BYTES,
                        0,
                        1 << 20,
                        SEGMENT_BYTES / 2,
                        RESERVE_BYTES,
                        Duration.ofMillis(20),
                        Duration.ofMillis(200),
                        DiskThreadTest::within);
        DiskThread.OpenJournal opened = new DiskThread.OpenJournal(disk, journal);
        thread = new DiskThread("test", opened, LOOPS, before, bounds, heard);
        thread.start();
    }

    @AfterEach
    void end() {
        assertThat(thread.close(Duration.ofSeconds(20))).isTrue();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("it takes too long").isNegative();
            LockSupport.parkNanos(100_000);
        }
    }

    /** A batch of one record: how long it is, its number, and what follows from it. */
    private long put(int loop, long number, int bytes, long within) {
        Staging staging = thread.staging(loop);
        staging.keep(
                new Frame.Request(
                        within == SOON ? SOON_SERVICE : loop,
                        loop,
                        number,
                        new RequestId(1, 1),
                        0,
                        0,
                        Commit.safe(),
                        "verb",
                        Key.of("key"),
                        Payload.opaque(body(number, bytes)),
                        new TreeMap<>()),
                within == NOW);
        staging.handOver(++tickets[loop]);
        return tickets[loop];
    }

    private static byte[] body(long number, int bytes) {
        byte[] body = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            body[i] = (byte) (number + i);
        }
        return body;
    }

    private static long within(int service) {
        return service == SOON_SERVICE ? SOON : LATER;
    }

    private void putAndAwait(int loop, long number, int bytes) {
        long ticket = put(loop, number, bytes, NOW);
        await(() -> heard.kept.get(loop) >= ticket);
    }

    /** The numbers of each loop's records, as another life finds them. */
    private List<List<Long>> found() throws IOException {
        List<ByteArrayOutputStream> groups = new ArrayList<>();
        try (FileDisk again = FileDisk.open(directory);
                Journal journal =
                        Journal.open(
                                again,
                                ID,
                                SEGMENT_BYTES,
                                random::nextLong,
                                block -> add(groups, block))) {
            assertThat(journal.synced()).isPositive();
        }
        List<List<Long>> found = List.of(new ArrayList<>(), new ArrayList<>());
        FrameDecoder decoder = new FrameDecoder(Staging.RECORDS);
        for (ByteArrayOutputStream group : groups) {
            ByteBuf bytes = Unpooled.wrappedBuffer(group.toByteArray());
            Frame frame = decoder.next(bytes);
            while (frame != null) {
                Frame.Request record = (Frame.Request) frame;
                byte[] body = record.body().bytes();
                assertThat(body).isEqualTo(body(record.call(), body.length));
                found.get(record.partition()).add(record.call());
                frame = decoder.next(bytes);
            }
        }
        return found;
    }

    private static void add(List<ByteArrayOutputStream> groups, Block block) {
        if (block.kind() == 1) {
            groups.add(new ByteArrayOutputStream());
        }
        byte[] bytes = new byte[block.content().remaining()];
        block.content().get(bytes);
        groups.getLast().writeBytes(bytes);
    }

    private static List<Long> upTo(long last) {
        List<Long> numbers = new ArrayList<>();
        for (long number = 1; number <= last; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    @Test
    @Tag("D1")
    void whatIsStagedWhileTheDiskIsBusyIsOneSyncAndKeptAfterIt() throws IOException {
        putAndAwait(0, 1, 10);
        disk.hold();
        put(0, 2, 10, NOW);
        await(() -> disk.held.get() > 0);
        int before = disk.forces.get();
        for (int number = 3; number <= 100; number++) {
            put(0, number, 10, NOW);
            put(1, number - 2, 10, NOW);
        }
        assertThat(heard.kept.get(0)).isEqualTo(1);
        assertThat(heard.kept.get(1)).isZero();
        disk.release();
        await(() -> heard.kept.get(0) == 100 && heard.kept.get(1) == 98);
        assertThat(disk.forces.get() - before).as("one, and one that confirms").isLessThan(4);
        assertThat(thread.close(Duration.ofSeconds(20))).isTrue();
        assertThat(found()).containsExactly(upTo(100), upTo(98));
    }

    @Test
    @Tag("D2")
    void whatMayWaitForItsSyncIsKeptOnceWritten() {
        disk.hold();
        put(0, 1, 10, LATER);
        await(() -> heard.kept.get(0) == 1);
        put(1, 1, 10, LATER);
        await(() -> heard.kept.get(1) == 1);
        put(1, 2, 10, NOW);
        await(() -> disk.held.get() > 0);
        assertThat(heard.kept.get(1)).isEqualTo(1);
        disk.release();
        await(() -> heard.kept.get(1) == 2);
    }

    @Test
    @Tag("D2")
    void theSyncComesWithinTheInterval() {
        putAndAwait(0, 1, 10);
        int before = disk.forces.get();
        put(0, 2, 10, SOON);
        await(() -> disk.forces.get() > before);
    }

    @Test
    void batchesOfAnySizeAreFoundAgainInTheOrderOfTheirLoop() throws IOException {
        long[] last = new long[LOOPS];
        long[] ticket = new long[LOOPS];
        for (int i = 0; i < 80; i++) {
            int loop = random.nextInt(LOOPS);
            int most = random.nextInt(20) == 0 ? 3_000_000 : 5_000;
            long within = random.nextBoolean() ? NOW : LATER;
            ticket[loop] = put(loop, ++last[loop], random.nextInt(most), within);
            await(thread.staging(loop)::hasRoom);
        }
        await(() -> heard.kept.get(0) == ticket[0] && heard.kept.get(1) == ticket[1]);
        assertThat(thread.close(Duration.ofSeconds(20))).isTrue();
        assertThat(found())
                .as("-Dtuli.seed=%d", seed)
                .containsExactly(upTo(last[0]), upTo(last[1]));
    }

    @Test
    @Tag("D7")
    void aSyncThatFailsEndsItAndIsNotTriedAgain() throws IOException {
        putAndAwait(0, 1, 10);
        disk.failForces();
        put(0, 2, 10, NOW);
        await(() -> heard.failed != null);
        int forces = disk.forces.get();
        put(0, 3, 10, NOW);
        assertThat(thread.close(Duration.ofSeconds(20))).isTrue();
        assertThat(heard.failed)
                .hasMessageContaining("look at the disk")
                .hasMessageContaining("Input/output error");
        assertThat(heard.failures.get()).isEqualTo(1);
        assertThat(heard.kept.get(0)).isEqualTo(1);
        assertThat(thread.staging(0).hasRoom()).isFalse();
        assertThat(disk.forces.get()).isEqualTo(forces);
        assertThat(found().getFirst()).first().isEqualTo(1L);
    }

    @Test
    @Tag("D7")
    void aWriteThatFailsEndsIt() throws IOException {
        putAndAwait(0, 1, 10);
        disk.failWrites();
        put(0, 2, 10, LATER);
        await(() -> heard.failed != null);
        assertThat(thread.close(Duration.ofSeconds(20))).isTrue();
        assertThat(heard.kept.get(0)).isEqualTo(1);
        assertThat(found()).containsExactly(upTo(1), upTo(0));
    }

    @Test
    @Tag("D8")
    void aFullDiskTakesNothingNewAndGoesOnWhenThereIsRoom() throws IOException {
        disk.full(true);
        long last = 0;
        while (thread.staging(1).hasRoom()) {
            putAndAwait(0, ++last, 100_000);
        }
        await(() -> heard.changes.get() == 1);
        assertThat(heard.rooms.getFirst()).startsWith("false").contains("No space left on device");
        putAndAwait(0, ++last, 100_000); // what had begun when it was told
        for (int i = 0; i < 20; i++) {
            put(0, ++last, 100_000, NOW);
        }
        assertThat(heard.kept.get(0)).isLessThan(last);
        assertThat(heard.failed).isNull();
        disk.full(false);
        long all = last;
        await(() -> heard.kept.get(0) == all && heard.changes.get() == 2);
        assertThat(heard.rooms).last().asString().startsWith("true");
        assertThat(thread.staging(1).hasRoom()).isTrue();
        assertThat(thread.close(Duration.ofSeconds(20))).isTrue();
        assertThat(found().getFirst()).isEqualTo(upTo(all));
    }

    @Test
    @Tag("D8")
    void whatIsToStayFreeIsLeftAndWhatIsNewIsRefusedBeforeThatIsTaken() throws IOException {
        long free = RESERVE_BYTES + 2 * SEGMENT_BYTES;
        disk.free(free);
        long last = 0;
        while (thread.staging(1).hasRoom()) {
            putAndAwait(0, ++last, 100_000);
            disk.free(RESERVE_BYTES + SEGMENT_BYTES - 1);
        }
        assertThat(thread.staging(0).whyFull())
                .startsWith("the disk must have disk.reserve bytes free")
                .contains("free=" + (RESERVE_BYTES + SEGMENT_BYTES - 1))
                .contains("disk.reserve=" + RESERVE_BYTES);
        await(() -> heard.changes.get() == 1);
        putAndAwait(0, ++last, 100_000); // what had begun when it was told
        disk.free(RESERVE_BYTES + SEGMENT_BYTES);
        await(() -> heard.changes.get() == 2);
        assertThat(thread.staging(0).whyFull()).isEmpty();
        assertThat(thread.staging(0).hasRoom()).isTrue();
        putAndAwait(0, ++last, 100_000);
        assertThat(thread.close(Duration.ofSeconds(20))).isTrue();
        assertThat(found().getFirst()).isEqualTo(upTo(last));
    }

    @Test
    void aSlowDiskIsToldOfOnceAndAHungOneIsGivenUp() {
        putAndAwait(0, 1, 10);
        disk.hold();
        put(0, 2, 10, NOW);
        await(() -> look(heard.slow != null));
        assertThat(heard.slow).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        await(() -> look(heard.stuck != null));
        assertThat(heard.stuck).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        assertThat(heard.slows.get()).isEqualTo(1);
        assertThat(thread.staging(0).hasRoom()).isFalse();
        assertThat(thread.close(Duration.ofMillis(50))).as("it hangs").isFalse();
        assertThatThrownBy(() -> FileDisk.open(directory))
                .as("for it may still write")
                .isInstanceOf(JournalException.class);
        disk.release();
        assertThat(thread.close(Duration.ofSeconds(20))).isTrue();
        assertThat(heard.kept.get(0)).as("nothing is kept once it is given up").isEqualTo(1);
        assertThat(heard.failed).as("it is told as stuck").isNull();
    }

    private boolean look(boolean isDone) {
        thread.look(System.nanoTime());
        return isDone;
    }

    @Test
    void aLoopThatStagesMoreThanTheDiskKeepsUpWithIsToldToWait() {
        disk.hold();
        put(0, 1, 10, NOW);
        await(() -> disk.held.get() > 0);
        long last = 1;
        while (thread.staging(0).hasRoom()) {
            put(0, ++last, 100_000, NOW);
        }
        assertThat(last).isBetween(10L, 13L);
        assertThat(thread.staging(1).hasRoom()).isTrue();
        disk.release();
        await(thread.staging(0)::hasRoom);
    }

    @Test
    void closingKeepsWhatWasStagedAndLeavesTheDirectory() throws IOException {
        disk.hold();
        put(0, 1, 10, NOW);
        put(1, 1, 2_500_000, LATER);
        disk.release();
        assertThat(thread.close(Duration.ofSeconds(20))).isTrue();
        assertThat(found()).containsExactly(upTo(1), upTo(1));
    }
}
