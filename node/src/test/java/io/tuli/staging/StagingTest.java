package io.tuli.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.protocol.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a loop leaves for the disk, whatever goes wrong while it does. */
class StagingTest {

    private static final int BROKEN = 9;

    private final Staging staging =
            new Staging(
                    new DiskBounds(
                            2 << 20,
                            0,
                            0,
                            1 << 20,
                            0,
                            0,
                            Duration.ZERO,
                            Duration.ZERO,
                            service -> 5),
                    () -> {});

    private static Frame.Promise promise(int service, int number) {
        LogPosition start = LogPosition.START;
        return new Frame.Promise(service, 0, new Epoch(number, 1), start, start);
    }

    /** What no encoder takes: its array is shorter than it says. */
    private static Frame.Append unfit() {
        return new Frame.Append(BROKEN, 0, new Epoch(1, 1), LogPosition.START, 0, null);
    }

    private static byte[] bytes(ByteBuffer taken) {
        byte[] bytes = new byte[taken.remaining()];
        taken.get(bytes);
        return bytes;
    }

    @Test
    void aRecordThatCannotBePutLeavesNoHalfOfItAndTheBufferFree() {
        staging.keep(promise(1, 1), true);
        staging.handOver(1);
        byte[] one = bytes(staging.take());
        assertThatThrownBy(() -> staging.keep(unfit(), true)).isInstanceOf(RuntimeException.class);
        assertThat(staging.take()).as("nothing was handed over").isNull();
        staging.keep(promise(1, 1), true);
        assertThatThrownBy(() -> staging.keep(unfit(), true)).isInstanceOf(RuntimeException.class);
        staging.handOver(2);
        assertThat(bytes(staging.take())).isEqualTo(one);
        assertThat(staging.takenTicket()).isEqualTo(2);
    }

    @Test
    void theSoonestOfWhatIsTakenSaysWhenItIsSynced() {
        staging.keep(promise(1, 1), false);
        staging.handOver(1);
        assertThat(staging.take()).isNotNull();
        assertThat(staging.takenWithinNanos()).isEqualTo(5);
        staging.keep(promise(1, 2), false);
        staging.keep(promise(1, 3), true);
        staging.handOver(2);
        assertThat(staging.take()).isNotNull();
        assertThat(staging.takenWithinNanos()).isZero();
    }
}
