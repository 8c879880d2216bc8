package io.tuli.cli;

import io.tuli.Feed;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.command.Invocation;
import io.tuli.terminal.LiveScreen;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Something of a replica that is shown again whenever it looks different: painted over on a
 * terminal, printed below itself elsewhere. Changes that come faster than one can read are shown
 * together.
 */
final class LiveValue {

    private static final long PAUSE_MILLIS = 50;

    private final Invocation tuli;
    private final Service<Payload> replica;

    /** Holds permits while there are changes not looked at. */
    private final Semaphore changed = new Semaphore(1);

    LiveValue(Invocation tuli, Service<Payload> replica) {
        this.tuli = tuli;
        this.replica = replica;
    }

    /** Runs until the process is told to go, or nobody reads what it prints. */
    void show(Function<Service<Payload>, String> view) {
        try (Feed.Subscription feed = replica.feed().each(change -> changed.release())) {
            if (tuli.terminal().isInteractive() && !tuli.isJson()) {
                try (LiveScreen screen = new LiveScreen(tuli.terminal(), tuli.shutdown())) {
                    follow(view, text -> screen.paint(Arrays.asList(text.split("\n"))));
                }
            } else {
                follow(view, tuli.terminal()::line);
            }
        }
    }

    private void follow(
            Function<Service<Payload>, String> view, java.util.function.Consumer<String> show) {
        String shown = "";
        while (!tuli.shutdown().isUnderWay() && !tuli.terminal().out().checkError()) {
            try {
                if (!changed.tryAcquire(1, TimeUnit.SECONDS)) {
                    continue;
                }
                changed.drainPermits();
                String text = view.apply(replica);
                if (!text.equals(shown)) {
                    show.accept(text);
                    shown = text;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
