package io.tuli.transport;

import io.tuli.error.Require;
import io.tuli.protocol.Durations;
import java.time.Duration;

/**
 * When a link counts as alive.
 *
 * @param keepAlive a sign of life is sent when nothing else was for so long
 * @param silence a peer not heard for so long is gone: its process was stopped, its machine lost
 * @param stuck a peer that took nothing for so long, while something waits, is put out
 * @param connect for a connection to come about
 */
public record LinkTimes(Duration keepAlive, Duration silence, Duration stuck, Duration connect) {

    public LinkTimes {
        Require.argument(Durations.millis(keepAlive) >= 4, "keep.alive must be >= 4 ms", keepAlive);
        Require.argument(
                silence.dividedBy(2).compareTo(keepAlive) >= 0,
                "silence must be >= 2 x keep.alive",
                silence);
        Require.argument(stuck.isPositive(), "stuck must be positive", stuck);
        Require.argument(connect.isPositive(), "connect must be positive", connect);
    }

    /** 2 s, 6 s, 15 s and 10 s. */
    public static LinkTimes defaults() {
        return new LinkTimes(
                Duration.ofSeconds(2),
                Duration.ofSeconds(6),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10));
    }
}
