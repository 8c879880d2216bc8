package io.tuli.transport;

import io.tuli.protocol.Durations;

/**
 * Tells whether a link lives: from what comes in, from what the socket takes, and from the time.
 * One thread; time is a parameter.
 */
final class Pulse {

    /** What is to be done about the link. */
    enum Beat {
        NOTHING,
        /** We were quiet for long: say that we are alive. */
        SAY_ALIVE,
        /** The other side was quiet for too long. */
        SILENT,
        /** The other side takes nothing, while something waits. */
        STUCK
    }

    private final long keepAliveNanos;
    private final long silenceNanos;
    private final long stuckNanos;
    private long beatAt;
    private long heardAt;
    private long wroteAt;
    private long progressAt;
    private long pieces;
    private long progress;
    private boolean isHeard;

    Pulse(LinkTimes times, long nowNanos) {
        this.keepAliveNanos = Durations.nanos(times.keepAlive());
        this.silenceNanos = Durations.nanos(times.silence());
        this.stuckNanos = Durations.nanos(times.stuck());
        this.beatAt = nowNanos;
        this.heardAt = nowNanos;
        this.wroteAt = nowNanos;
        this.progressAt = nowNanos;
    }

    /** Something came in. */
    void heard() {
        isHeard = true;
    }

    /** Looks at the link as it is now. */
    Beat beat(long nowNanos, Outbox outbox, boolean isReading) {
        boolean weWereAway = nowNanos - beatAt > silenceNanos / 2;
        beatAt = nowNanos;
        if (isHeard || !isReading || weWereAway) {
            // What came while we were away still waits in the socket: look there first.
            isHeard = false;
            heardAt = nowNanos;
        }
        boolean isIdle = outbox.waitingBytes() == 0;
        if (isIdle || outbox.progress() != progress || weWereAway) {
            progress = outbox.progress();
            progressAt = nowNanos;
        }
        if (outbox.pieces() != pieces) {
            pieces = outbox.pieces();
            wroteAt = nowNanos;
        }
        return verdict(nowNanos, isIdle);
    }

    private Beat verdict(long nowNanos, boolean isIdle) {
        if (nowNanos - heardAt > silenceNanos) {
            return Beat.SILENT;
        }
        if (nowNanos - progressAt > stuckNanos) {
            return Beat.STUCK;
        }
        return isIdle && nowNanos - wroteAt >= keepAliveNanos ? Beat.SAY_ALIVE : Beat.NOTHING;
    }
}
