package io.tuli.browser;

import io.tuli.Payload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A session's calls that are not answered, which end with it, and what waits until there are fewer.
 * Used by its loop.
 */
final class OpenCalls {

    private final BooleanSupplier hasRoom;
    private final Set<Running> running = new HashSet<>(2);
    private final List<Runnable> waiting = new ArrayList<>(0);

    /** A call that is not answered; one is no other. */
    private static final class Running {

        private final CompletableFuture<Payload> call;

        Running(CompletableFuture<Payload> call) {
            this.call = call;
        }
    }

    OpenCalls(BooleanSupplier hasRoom) {
        this.hasRoom = hasRoom;
    }

    /** A call runs until it ends. */
    void add(CompletableFuture<Payload> call) {
        if (!call.isDone()) {
            Running open = new Running(call);
            running.add(open);
            call.whenComplete((result, failed) -> running.remove(open));
        }
    }

    /** None of them is wanted any more. */
    void cancel() {
        List<Running> open = List.copyOf(running);
        running.clear();
        open.forEach(each -> each.call.cancel(true));
    }

    /** Runs now, or once there is room. */
    void whenRoom(Runnable task) {
        if (hasRoom.getAsBoolean()) {
            task.run();
        } else {
            waiting.add(task);
        }
    }

    /** Some have been answered. */
    void takeUp() {
        if (!waiting.isEmpty() && hasRoom.getAsBoolean()) {
            List<Runnable> tasks = List.copyOf(waiting);
            waiting.clear();
            tasks.forEach(Runnable::run);
        }
    }
}
