package io.tuli.http;

import io.netty.channel.Channel;

/** What a connection waits for, since when, and for how long it may. Confined to its loop. */
final class ConnectionClock {

    /** What is to be done about it. */
    enum Verdict {
        NOTHING,
        TELL,
        CLOSE
    }

    private enum Phase {
        IDLE,
        HEAD,
        BODY,
        ANSWER,
        WRITING,
        DRAINING
    }

    private static final long DRAINING_NANOS = 5_000_000_000L;

    private final HttpLimits.Times within;
    private Phase phase = Phase.IDLE;
    private long since;
    private long unread;

    ConnectionClock(HttpLimits.Times within) {
        this.within = within;
    }

    void idle() {
        enter(Phase.IDLE);
    }

    /** A request's head is there. */
    void body() {
        if (phase == Phase.IDLE || phase == Phase.HEAD) {
            enter(Phase.BODY);
        }
    }

    /** It is being answered: the call has a deadline of its own. */
    void answer() {
        enter(Phase.ANSWER);
    }

    void writing() {
        unread = Long.MAX_VALUE;
        enter(Phase.WRITING);
    }

    void draining() {
        enter(Phase.DRAINING);
    }

    private void enter(Phase next) {
        phase = next;
        since = System.nanoTime();
    }

    /**
     * Looks at what has become of it.
     *
     * @param hasBegun whether a part of a request's head has come
     */
    Verdict look(long now, boolean hasBegun, Channel channel) {
        if (phase == Phase.IDLE && hasBegun) {
            enter(Phase.HEAD);
        }
        long waited = now - since;
        return switch (phase) {
            case IDLE -> waited > within.idle().toNanos() ? Verdict.CLOSE : Verdict.NOTHING;
            case HEAD -> waited > within.headers().toNanos() ? Verdict.TELL : Verdict.NOTHING;
            case BODY -> waited > within.body().toNanos() ? Verdict.TELL : Verdict.NOTHING;
            case ANSWER -> Verdict.NOTHING;
            case WRITING -> isStuck(now, channel) ? Verdict.CLOSE : Verdict.NOTHING;
            case DRAINING -> waited > DRAINING_NANOS ? Verdict.CLOSE : Verdict.NOTHING;
        };
    }

    /** Whether nothing was read on the other side for too long. */
    private boolean isStuck(long now, Channel channel) {
        long pending = channel.bytesBeforeWritable();
        if (pending < unread) {
            unread = pending;
            if (pending > 0) {
                since = now;
            }
        }
        return now - since > within.reading().toNanos();
    }
}
