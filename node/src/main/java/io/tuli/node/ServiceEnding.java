package io.tuli.node;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.handler.HandlerRunner;
import io.tuli.protocol.Durations;
import io.tuli.service.LocalService;
import io.tuli.spin.LoopThread;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a member's part in one service ends while the member stays: it says so, hands over, lets
 * others and itself be answered, and forgets it. On the thread of who closes it, as of {@link
 * Departure}: each step has a bound, and what it throws does not keep the next from being made.
 */
final class ServiceEnding {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceEnding.class);
    private static final Duration DRAIN_MOST = Duration.ofDays(1);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long USERS_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LOOPS = Duration.ofSeconds(2);

    /** How long to wait for one that is being closed. */
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final NodeContext context;
    private final HandingOver handingOver;
    private final Object lock;
    private final Consumer<LocalService> onEnd;

    /**
     * Of one member.
     *
     * @param lock held by whoever begins to serve or to use
     * @param onEnd told of each that has ended
     */
    ServiceEnding(NodeContext context, Object lock, Consumer<LocalService> onEnd) {
        this.context = context;
        this.handingOver = new HandingOver(context);
        this.lock = lock;
        this.onEnd = onEnd;
    }

    /** This member's part in the service ends, unless all of the member is leaving. */
    void close(LocalService service, Duration drain) {
        LoopThread.requireMayWait("close of a service");
        if (context.directory().isLeaving()) {
            return;
        }
        if (!begin(service)) {
            await(service, Math.max(0, Durations.nanos(drain)) + CLOSING_NANOS);
            return;
        }
        try {
            end(service, drain);
        } finally {
            onEnd.accept(service);
            service.closing().end();
        }
    }

    private boolean begin(LocalService service) {
        synchronized (lock) {
            for (LocalService other : context.book().all()) {
                if (other != service && other.folds(service.name())) {
                    throw new TuliException(
                            Failure.CONFLICT,
                            "what is folded is closed after what folds it: close "
                                    + other.name()
                                    + " before "
                                    + service.name());
                }
            }
            return service.closing().begin();
        }
    }

    /** Whoever serves or uses it again waits until it is closed. */
    void awaitClosed(String name) {
        LocalService known = context.book().find(name).orElse(null);
        if (known != null && known.closing().hasBegun()) {
            await(known, CLOSING_NANOS);
        }
    }

    private static void await(LocalService service, long nanos) {
        try {
            if (!service.closing().await(nanos)) {
                LOG.warn("closing takes longer than it may: service={}", service.name());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The service this member has a part in; null if there is none. Under the lock. */
    @Nullable LocalService open(String name) {
        LocalService known = context.book().find(name).orElse(null);
        if (known != null && known.closing().hasBegun()) {
            throw new TuliException(
                    Failure.CONFLICT,
                    "a service is had again when it is closed, and this one is being closed: "
                            + name);
        }
        return known;
    }

    // ---- the end -------------------------------------------------------------------------------

    private void end(LocalService service, Duration drain) {
        Duration within = drain.compareTo(DRAIN_MOST) > 0 ? DRAIN_MOST : drain;
        long deadline = System.nanoTime() + Math.max(0, Durations.nanos(within));
        if (service.spec().isServed()) {
            attempt("to say so", service, () -> context.directory().leave(service.name()));
            attempt("to hand over", service, () -> handOver(service, deadline));
        }
        service.closing().shut();
        attempt(
                "to await its calls",
                service,
                () -> isReached(() -> inFlight(service) == 0, deadline));
        boolean wasInterrupted = Thread.interrupted(); // what follows is short, and has to be done
        try {
            forget(service);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void forget(LocalService service) {
        int number = service.number();
        attempt("to end subscriptions", service, () -> context.publishing().close(number));
        attempt("to end tunnels", service, () -> context.memberRequests().tunnels().close(number));
        attempt("to end handlers, feeds and folds", service, service::end);
        service.awaitEnd(System.nanoTime() + USERS_NANOS);
        attempt(
                "to withdraw",
                service,
                () -> context.directory().withdraw(service, LOOPS.toNanos()));
        attempt(
                "to leave the loops",
                service,
                () ->
                        context.loops()
                                .sum(
                                        loop -> {
                                            loop.leave(number);
                                            return 0;
                                        },
                                        LOOPS));
        context.opener().left(service);
        context.setting().access().leave(service.name());
        context.book().remove(service);
        service.renew(service.spec());
    }

    private static void attempt(String what, LocalService service, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error thrown) {
            String text = "closing a service goes on, it could not be done " + what + ": service=";
            Wall.log(LOG, text + service.name(), thrown);
        }
    }

    // ---- draining ------------------------------------------------------------------------------

    private void handOver(LocalService service, long deadline) {
        boolean isDone =
                isReached(
                        () ->
                                context.memberRequests().drain(service)
                                        && handingOver.isDone(service)
                                        && mayEnd(service),
                        deadline);
        if (!isDone) {
            LOG.warn("closed before it was drained: service={}", service.name());
        }
    }

    /** What others take over they run; what nobody does is to end here. */
    private boolean mayEnd(LocalService service) {
        HandlerRunner<?> handler = service.handler();
        return handler == null || handler.running() == 0 || handingOver.hasHeir(service);
    }

    private int inFlight(LocalService service) {
        return context.loops().sum(loop -> loop.caller().inFlight(service.number()), LOOPS);
    }

    /** Waits for a condition, asked once at least; an interrupt ends that. */
    private static boolean isReached(BooleanSupplier condition, long deadline) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return true;
    }
}
