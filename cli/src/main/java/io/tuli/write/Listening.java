package io.tuli.write;

import io.tuli.Event;
import io.tuli.EventFeed;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.terminal.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Prints what is published, until so much was, nobody reads it, or the process is told to go. */
final class Listening {

    private final Invocation tuli;
    private final String service;
    private final AtomicLong left;
    private final boolean isPlain;
    private final CountDownLatch done = new CountDownLatch(1);

    /**
     * @param most ends it after so many
     * @param isPlain prints bodies alone, each as a line
     */
    Listening(Invocation tuli, String service, long most, boolean isPlain) {
        this.tuli = tuli;
        this.service = service;
        this.left = new AtomicLong(most);
        this.isPlain = isPlain;
    }

    void to(EventFeed feed) throws InterruptedException {
        try (EventFeed.Running running = feed.each(this::tell)) {
            running.ended().whenComplete((end, failed) -> done.countDown());
            Session.await(running.ready(), tuli.timeout());
            tuli.note("listening to " + service + "; Ctrl-C to stop");
            done.await();
            if (running.missed() + running.dropped() > 0) {
                tuli.note(
                        "lost: on the way "
                                + running.missed()
                                + ", too slow here "
                                + running.dropped());
            }
            if (left.get() > 0 && !tuli.terminal().out().checkError()) {
                running.ended().toCompletableFuture().join();
            }
        }
    }

    private void tell(Event event) {
        long remaining = left.getAndDecrement();
        if (remaining > 0) {
            tuli.terminal().line(text(event));
        }
        if (remaining <= 1 || tuli.terminal().out().checkError()) {
            done.countDown();
        }
    }

    private String text(Event event) {
        if (tuli.isJson()) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            object.put("service", service);
            object.put("subject", event.subject());
            object.put("value", event.payload());
            return Json.of(object);
        }
        String body = TextLines.of(event.payload());
        return isPlain ? body : event.subject() + " " + body;
    }
}
