package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Joining keeps its bound, whatever the channel does. */
class ConnectingTest {

    private static final Member SELF =
            new Member(new MemberId(7, 1), "late-7", Member.Role.SERVER, "localhost", 1);

    private final Slow slow = new Slow();

    @Test
    void joinThatTakesTooLongFailsWithATimeoutAndFreesEverything() {
        Membership membership = new Membership(slow, timings(), SELF, roster -> {});
        long before = System.nanoTime();

        assertThatThrownBy(membership::join)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        late -> assertThat(late.failure()).isEqualTo(Failure.TIMEOUT))
                .hasMessageContaining("waited for the control channel to connect")
                .hasMessageContaining("membership.join.max");
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(5));
        slow.mayConnect.countDown();
        Awaitility.await().untilAsserted(() -> assertThat(slow.closed.get()).isEqualTo(1));
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(Thread.getAllStackTraces().keySet())
                                        .noneMatch(each -> each.getName().contains("late-7")));
    }

    private static MembershipTimings timings() {
        MembershipTimings usual = MembershipTimings.defaults();
        return new MembershipTimings(
                usual.join(),
                Duration.ofMillis(200),
                usual.leave(),
                usual.heartbeat(),
                usual.silence(),
                usual.verify(),
                usual.mergeMin(),
                usual.mergeMax(),
                usual.repeat(),
                usual.ask(),
                usual.confirm());
    }

    /** Does not even listen to interruptions, as JGroups does not everywhere. */
    private static final class Slow implements ControlChannel {
        private final CountDownLatch mayConnect = new CountDownLatch(1);
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public void connect(Events events) {
            boolean isThrough = false;
            while (!isThrough) {
                try {
                    isThrough = mayConnect.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException ignored) {
                    isThrough = false;
                }
            }
        }

        @Override
        public void send(MemberId to, byte[] message) {}

        @Override
        public void sendToAll(byte[] message) {}

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
