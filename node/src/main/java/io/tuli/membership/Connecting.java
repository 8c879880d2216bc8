package io.tuli.membership;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connects a channel within a time: on a thread of its own, for JGroups has no bound of its own and
 * cannot be closed while it connects. Who comes too late closes the channel there. Used once.
 */
final class Connecting {

    private final ControlChannel channel;
    private final String name;

    /** Cancelled once nobody waits for it any more. */
    private final CompletableFuture<Void> connected = new CompletableFuture<>();

    Connecting(ControlChannel channel, String name) {
        this.channel = channel;
        this.name = name;
    }

    /**
     * Returns when the channel is connected.
     *
     * @throws TuliException what the channel throws, or TIMEOUT; then nothing waits any more but
     *     the thread that closes the channel
     */
    void within(Duration time, ControlChannel.Events events) throws InterruptedException {
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("tuli-membership-connect-" + name)
                        .start(() -> connect(events));
        try {
            connected.get(Durations.nanos(time), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof TuliException known
                    ? known
                    : new TuliException(
                            Failure.UNAVAILABLE,
                            "the control channel must connect: cause=" + failed.getCause());
        } catch (TimeoutException late) {
            giveUp(thread);
            throw new TuliException(
                    Failure.TIMEOUT,
                    "joining takes membership.join.max at most: waited for the control channel to"
                            + " connect, limit="
                            + time
                            + "; is the machine busy, or do peers not answer?");
        } catch (InterruptedException stopped) {
            giveUp(thread);
            throw stopped;
        }
    }

    private void connect(ControlChannel.Events events) {
        try {
            channel.connect(events);
            if (!connected.complete(null)) {
                channel.close();
            }
        } catch (Throwable failed) {
            if (!connected.completeExceptionally(failed)) {
                channel.close();
            }
        }
    }

    private void giveUp(Thread thread) {
        if (connected.cancel(false)) {
            thread.interrupt();
        }
    }

    /** Closes the channel, or leaves that to the thread that still connects. */
    void close() {
        if (!connected.isCancelled()) {
            channel.close();
        }
    }
}
