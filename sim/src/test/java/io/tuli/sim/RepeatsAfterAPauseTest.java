package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Commit;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.Partitioner;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Verbs;
import io.tuli.codec.JsonDocuments;
import io.tuli.member.PartitionRouter;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * An owner that stood still for longer than the dedup window has not seen its callers be silent: it
 * recognises what came meanwhile.
 */
class RepeatsAfterAPauseTest {

    private static final MemberId SELF = new MemberId(1, 1);
    private static final MemberId CALLER = new MemberId(9, 9);
    private static final long MILLI = 1_000_000;
    private static final long TICK_NANOS = 20 * MILLI;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final ServiceSpec SERVICE =
            new ServiceSpec(ServiceSpec.numberOf("s"), "s", 1, true, Partitioner.TOP_LEVEL);

    private final SpokenEffects effects =
            new SpokenEffects(() -> this.core.replica(SERVICE.number(), 0).log());
    private final PartitionRouter core =
            new PartitionRouter(
                    SELF,
                    Limits.builder().dedupWindow(WINDOW).build(),
                    new JsonDocuments(),
                    effects.all());
    private long now;
    private long calls;

    /** At each moment of the time after which an owner looks whom it may forget. */
    @Test
    void whatCameDuringThePauseIsRecognised() {
        core.open(SERVICE, partition -> true, partition -> new SharedState());
        Ring ring = Ring.of(1, List.of(SELF), List.of());
        core.step(new Input.RingChanged(SERVICE.number(), ring), now);
        for (int number = 1; number <= 40; number++) {
            run(Duration.ofMillis(9_000 + number * 30L));
            RequestId id = RequestId.named("order-" + number);
            count(id);
            run(Duration.ofMillis(50));
            count(RequestId.named("other-" + number));
            run(Duration.ofMillis(500));
            long end = core.replica(SERVICE.number(), 0).log().endOffset();

            now += WINDOW.plusSeconds(1).toNanos();
            run(Duration.ofMillis(200));
            count(id);

            assertThat(core.replica(SERVICE.number(), 0).log().endOffset())
                    .as("number=" + number)
                    .isEqualTo(end);
        }
    }

    private void run(Duration time) {
        long until = now + time.toNanos();
        while (now < until) {
            now += TICK_NANOS;
            core.step(new Input.Tick(), now);
            core.flush(now);
        }
    }

    private void count(RequestId id) {
        calls++;
        Frame.Request request =
                new Frame.Request(
                        SERVICE.number(),
                        0,
                        calls,
                        id,
                        1,
                        20_000,
                        Commit.safe(),
                        Verbs.INCREMENT,
                        Key.of("n"),
                        Payload.json("1"),
                        new TreeMap<>());
        core.step(new Input.Received(CALLER, request), now);
        core.flush(now);
    }
}
