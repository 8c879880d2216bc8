package io.tuli.start;

import io.tuli.Payload;
import io.tuli.codec.JsonCodec;
import io.tuli.membership.Membership;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads, on threads of its own, what a member needs a little later: to load classes is nearly all
 * that takes long in a first join, and there is more than one processor. Each part once for each
 * JVM; the threads end by themselves. Thread-safe.
 */
public final class Preparation {

    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    /** Joining goes on after so long; it then does the same by itself. */
    private static final long PATIENCE_SECONDS = 10;

    private final FutureTask<Void> membership = new FutureTask<>(Membership::load, null);
    private final AtomicBoolean isJoining = new AtomicBoolean();
    private final AtomicBoolean isMapping = new AtomicBoolean();

    private Preparation() {}

    /** The one there is. */
    public static Preparation ofThisJvm() {
        return Holder.ONCE;
    }

    private static final class Holder {
        static final Preparation ONCE = new Preparation();
    }

    /** A member is about to join. Does not wait. */
    public void forJoining() {
        if (isJoining.compareAndSet(false, true)) {
            start(membership, "tuli-load-membership");
        }
    }

    /** Values of that type will be read and written. Does not wait. */
    public void forValues(Class<?> type) {
        boolean isBytes = type == byte[].class || type == Payload.class;
        if (!isBytes && isMapping.compareAndSet(false, true)) {
            start(JsonCodec::load, "tuli-load-codec");
        }
    }

    private static void start(Runnable part, String name) {
        Thread.ofPlatform().daemon().name(name).start(part);
    }

    /**
     * Before a membership is made: two threads that initialise the same classes in another order
     * may wait for each other.
     */
    public void awaitMembership() {
        forJoining();
        try {
            membership.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("not prepared, so joining does it by itself", e);
        }
    }
}
