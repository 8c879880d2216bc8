package io.tuli.spin;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandler;
import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What an event loop does between its tasks: Netty's own selecting, but a loop that has reason to
 * expect work spins for it a little longer before it sleeps. To be woken costs more than most
 * messages do.
 *
 * <p>What a loop did last tells what comes next: after a task - a call that was sent, a reply that
 * was decided - a frame; after a frame perhaps the next call. So it learns a {@link Patience} for
 * each. A loop without traffic has none: ticks are too far apart.
 *
 * <p>Between two looks it yields its processor, so that whoever could run does: most often the very
 * thread it waits for. Other threads wake the loop by a system call only while it sleeps.
 */
public final class LoopIo implements IoHandler {

    private static final int NOTHING = -1;

    private final IoHandler selecting;
    private final OpenSelector selector;
    private final Looking looking = new Looking();
    private final long spinNanos;
    private final Crowd crowd = new Crowd();
    private final Patience afterReading;
    private final Patience afterTasks;
    private final AtomicBoolean isAsleep = new AtomicBoolean();

    // The loop's alone.
    private Patience patience;
    private boolean isIdle;
    private long idleSince;
    private long busySince;

    private LoopIo(IoHandler selecting, OpenSelector selector, long spinNanos) {
        this.selecting = selecting;
        this.selector = selector;
        this.spinNanos = spinNanos;
        this.afterReading = new Patience(spinNanos);
        this.afterTasks = new Patience(spinNanos);
        this.patience = afterTasks;
    }

    /**
     * For loops that wait as this class says.
     *
     * @param spin how long a loop may spin at most; zero for Netty's own way
     */
    public static IoHandlerFactory factory(Duration spin) {
        // With one processor nobody can do what is waited for while the loop spins.
        if (spin.isZero() || Runtime.getRuntime().availableProcessors() == 1) {
            return NioIoHandler.newFactory();
        }
        return thread -> {
            OpenSelector selector = new OpenSelector();
            IoHandler selecting = NioIoHandler.newFactory(selector).newHandler(thread);
            return new LoopIo(selecting, selector, Durations.nanos(spin));
        };
    }

    @Override
    public int run(IoHandlerContext context) {
        if (!context.canBlock()) {
            return worked(selecting.run(looking));
        }
        if (!isIdle) {
            isIdle = true;
            idleSince = System.nanoTime();
        }
        int handled = NOTHING;
        if (patience.nanos() > 0 && wasBusyBriefly() && !crowd.isThere(idleSince)) {
            handled = lookOut(context);
        }
        if (handled == NOTHING) {
            handled = sleep(context);
        }
        return handled > 0 || !context.canBlock() ? worked(handled) : handled;
    }

    /** Where there is much to do at a time, being woken for it costs little of it. */
    private boolean wasBusyBriefly() {
        return idleSince - busySince <= spinNanos;
    }

    /** There is work again: frames, if any were handled, and otherwise tasks. */
    private int worked(int handled) {
        if (isIdle) {
            isIdle = false;
            busySince = System.nanoTime();
            patience.waited(busySince - idleSince, busySince);
        }
        patience = handled > 0 ? afterReading : afterTasks;
        return handled;
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint is all it is meant as
    private int lookOut(IoHandlerContext context) {
        long until = idleSince + patience.nanos();
        long now = idleSince;
        while (now - until < 0) {
            int handled = selecting.run(looking);
            if (handled > 0 || !context.canBlock()) {
                return handled;
            }
            long before = now;
            Thread.yield();
            now = System.nanoTime();
            if (now - before > spinNanos) {
                crowd.met(now, now - before);
            }
        }
        return NOTHING;
    }

    /** Who leaves a task sees that the loop sleeps, or the loop sees the task: one of them does. */
    private int sleep(IoHandlerContext context) {
        isAsleep.set(true);
        try {
            return selecting.run(context.canBlock() ? context : looking);
        } finally {
            isAsleep.set(false);
        }
    }

    @Override
    public void wakeup() {
        if (isAsleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    @Override
    public void initialize() {
        selecting.initialize();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return selecting.register(handle);
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return selecting.isCompatible(handleType);
    }

    @Override
    public void prepareToDestroy() {
        selecting.prepareToDestroy();
    }

    @Override
    public void destroy() {
        selecting.destroy();
    }

    /** To select what there is now, and not wait for more. */
    private static final class Looking implements IoHandlerContext {

        @Override
        public boolean canBlock() {
            return false;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return 0;
        }

        @Override
        public long deadlineNanos() {
            return -1;
        }
    }
}
