package io.tuli.spin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopIoTest {
    private static final Duration SPIN = Duration.ofNanos(50_000);
    private static final int PAUSE_NANOS_MAX = 120_000;

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, LoopIo.factory(SPIN));
    private final EventLoop loop = (EventLoop) group.next();

    @AfterEach
    void endTheLoop() {
        assertThat(group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5_000))
                .isTrue();
    }

    /** Whether it slept, looked out, or was about to do either: a lost wake-up would be forever. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2_000, 20_000, PAUSE_NANOS_MAX})
    void noTaskIsLeftLyingWheneverItComes(int pauseNanosMax) throws Exception {
        for (int i = 0; i < 2_000; i++) {
            if (pauseNanosMax > 0) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(pauseNanosMax));
            }
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            loop.execute(() -> done.complete(true));
            assertThat(done.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void tasksOfManyThreadsAllRun() {
        AtomicInteger ran = new AtomicInteger();
        int threads = 4;
        int each = 20_000;

        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform()
                    .daemon()
                    .start(
                            () -> {
                                for (int k = 0; k < each; k++) {
                                    loop.execute(ran::incrementAndGet);
                                }
                            });
        }

        await().atMost(Duration.ofSeconds(30)).until(ran::get, is -> is == threads * each);
    }

    @Test
    void scheduledTasksRunWithoutOthersToWakeTheLoop() throws Exception {
        CompletableFuture<Integer> told = new CompletableFuture<>();

        loop.schedule(() -> told.complete(1), 30, TimeUnit.MILLISECONDS);

        assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void aLoopWithTicksAloneSleepsInBetween() throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        assumeThat(threads.isCurrentThreadCpuTimeSupported()).isTrue();
        AtomicInteger ticks = new AtomicInteger();
        loop.scheduleWithFixedDelay(ticks::incrementAndGet, 20, 20, TimeUnit.MILLISECONDS);
        await().atMost(Duration.ofSeconds(30)).until(ticks::get, is -> is >= 10);
        long before = loop.submit(threads::getCurrentThreadCpuTime).get();
        int ticksBefore = ticks.get();

        await().atMost(Duration.ofSeconds(30)).until(ticks::get, is -> is >= ticksBefore + 40);

        long used = loop.submit(threads::getCurrentThreadCpuTime).get() - before;
        assertThat(used / 40).as("nanoseconds a tick").isLessThan(SPIN.toNanos() * 20);
    }
}
