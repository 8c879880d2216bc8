package io.tuli.spin;

import io.netty.channel.EventLoop;
import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from outside whether the loops of a member get on, for one that is held up - by a handler
 * that waits on it, say - can tell nobody. Each is asked a question every so often; one that has
 * not answered for too long is told of once, with what its thread does, and again when it goes on.
 * While it does not, the log repeats it, more and more seldom.
 *
 * <p>A thread of its own, until closed. A process that was stopped as a whole is nobody's fault:
 * then this thread was, too.
 */
public final class Watchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final int LOOKS_PER_LIMIT = 4;
    private static final int FRAMES_MAX = 40;
    private static final long MILLI = 1_000_000;
    private static final long EVERY_MOST_NANOS = 1_000 * MILLI;
    private static final long NEVER_NANOS = Long.MAX_VALUE / 4;

    private final List<Watched> loops = new ArrayList<>();
    private final long limitNanos;
    private final Listener listener;
    private final Thread thread;
    private volatile boolean isClosed;

    /** Who hears of it, on the watchdog's thread. */
    public interface Listener {

        /**
         * A loop has not got on for longer than the limit: once each time.
         *
         * @param loop the name of its thread
         * @param stack what that does, a line each
         */
        void heldUp(String loop, Duration held, String stack);

        /** A loop that was held up goes on. */
        void goesOn(String loop, Duration held);

        /** The thread of a loop has ended, though nobody has closed anything. */
        void ended(String loop);
    }

    /** Watches these, from {@link #start} on; with a limit of zero only whether they live. */
    public Watchdog(String member, List<EventLoop> loops, Duration limit, Listener listener) {
        this.limitNanos = limit.isZero() ? NEVER_NANOS : Durations.nanos(limit);
        this.listener = listener;
        loops.forEach(loop -> this.loops.add(new Watched(loop)));
        this.thread =
                Thread.ofPlatform().daemon().name("tuli-watchdog-" + member).unstarted(this::watch);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
    }

    private void watch() {
        long everyNanos = Math.clamp(limitNanos / LOOKS_PER_LIMIT, MILLI, EVERY_MOST_NANOS);
        long before = System.nanoTime();
        while (!isClosed) {
            LockSupport.parkNanos(this, everyNanos);
            long now = System.nanoTime();
            boolean wasStopped = now - before > everyNanos + limitNanos / 2;
            before = now;
            for (Watched loop : loops) {
                look(loop, wasStopped ? now : Long.MIN_VALUE, now);
            }
        }
    }

    private void look(Watched loop, long notBefore, long now) {
        try {
            if (!isClosed) {
                loop.look(notBefore, now);
            }
        } catch (Throwable thrown) {
            LOG.warn("a watchdog watches on, whatever its listener throws", thrown);
        }
    }

    /** One loop, as it answers. */
    private final class Watched {

        private final EventLoop loop;
        private volatile @Nullable Thread itsThread;
        private volatile boolean hasAnswered = true;
        private volatile long answeredNanos;

        // The watchdog's alone.
        private long askedNanos;
        private boolean isHeldUp;
        private boolean hasEnded;
        private long nextLogNanos;
        private long pauseNanos;

        Watched(EventLoop loop) {
            this.loop = loop;
        }

        void look(long notBefore, long now) {
            if (hasAnswered) {
                if (isHeldUp) {
                    isHeldUp = false;
                    goesOn(answeredNanos - askedNanos);
                }
                ask(now);
                return;
            }
            if (notBefore > askedNanos) {
                askedNanos = notBefore;
            }
            long held = now - askedNanos;
            if (held >= limitNanos && !isHeldUp) {
                isHeldUp = true;
                pauseNanos = limitNanos;
                nextLogNanos = now + pauseNanos;
                heldUp(held);
            } else if (isHeldUp && now - nextLogNanos >= 0) {
                pauseNanos *= 2;
                nextLogNanos = now + pauseNanos;
                log(held, stack());
            }
        }

        private void ask(long now) {
            if (hasEnded) {
                return;
            }
            askedNanos = now;
            hasAnswered = false;
            try {
                loop.execute(this::answer);
            } catch (RejectedExecutionException ended) {
                hasEnded = true;
                hasAnswered = true;
                listener.ended(name());
            }
        }

        /** On the loop. */
        private void answer() {
            if (itsThread == null) {
                itsThread = Thread.currentThread();
            }
            answeredNanos = System.nanoTime();
            hasAnswered = true;
        }

        private void heldUp(long heldNanos) {
            String stack = stack();
            log(heldNanos, stack);
            listener.heldUp(name(), Duration.ofNanos(heldNanos), stack);
        }

        private void log(long heldNanos, String stack) {
            LOG.warn(
                    "A loop must not be held up, all its partitions and links wait: loop={}"
                            + " heldUpMillis={}; it is here:{}",
                    name(),
                    heldNanos / MILLI,
                    stack);
        }

        private void goesOn(long heldNanos) {
            LOG.warn("A loop goes on: loop={} heldUpMillis={}", name(), heldNanos / MILLI);
            listener.goesOn(name(), Duration.ofNanos(heldNanos));
        }

        private String name() {
            Thread known = itsThread;
            return known == null ? loop.toString() : known.getName();
        }

        private String stack() {
            Thread known = itsThread;
            if (known == null) {
                return "";
            }
            StringBuilder lines = new StringBuilder();
            StackTraceElement[] frames = known.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, FRAMES_MAX); i++) {
                lines.append("\n\tat ").append(frames[i]);
            }
            return lines.toString();
        }
    }
}
