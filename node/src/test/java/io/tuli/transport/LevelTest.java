package io.tuli.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.tuli.Limits;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.WireLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever was told that a link is full hears when it is not. */
class LevelTest {

    private static final int LIMIT_BYTES = 1 << 20;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final FrameEncoder encoder = new FrameEncoder(WireLimits.of(Limits.defaults()));
    private final Level level =
            new Level(
                    channel,
                    new Outbox(channel, encoder),
                    new FrameQueue(),
                    new Budget(LIMIT_BYTES),
                    LIMIT_BYTES);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void alsoWhereTheSocketHasTakenAllBeforeNettyTells() {
        socketIsWritable(false);
        assertThat(level.isWritable()).isFalse();
        assertThat(level.owesNews()).isFalse();

        socketIsWritable(true);

        assertThat(level.owesNews()).isTrue();
        assertThat(level.owesNews()).as("again").isFalse();
    }

    @Test
    void nobodyIsOwedNewsWhoWasNotToldThatItIsFull() {
        socketIsWritable(false);
        socketIsWritable(true);

        assertThat(level.isWritable()).isTrue();
        assertThat(level.owesNews()).isFalse();
    }

    private void socketIsWritable(boolean isWritable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, isWritable);
    }
}
