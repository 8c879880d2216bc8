package io.tuli.terminal;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What has to be put right when the process is told to go (SIGINT, SIGTERM). Thread-safe.
 *
 * <p>Runs in the JVM's shutdown hooks, at the same time as whatever the command was doing; so a
 * command that fails then says nothing ({@link #isUnderWay}).
 */
public final class Shutdown {

    private final AtomicBoolean isUnderWay = new AtomicBoolean();

    /** Whether the process was told to go: what fails now fails because of that. */
    public boolean isUnderWay() {
        return isUnderWay.get();
    }

    /** Runs the action when the process is told to go, unless closed before. */
    public Registration on(Runnable action) {
        Thread hook =
                new Thread(
                        () -> {
                            isUnderWay.set(true);
                            action.run();
                        },
                        "tuli-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException alreadyGoing) {
                isUnderWay.set(true);
            }
        };
    }

    /** Takes the action back. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
