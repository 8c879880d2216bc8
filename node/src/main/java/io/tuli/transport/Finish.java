package io.tuli.transport;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends links in order: each once all that waits on it is written, all of them by a deadline. */
final class Finish {

    static final String WHY = "this member is closing";

    private Finish() {}

    static void all(List<Link> links, long deadlineNanos) {
        CountDownLatch open = new CountDownLatch(links.size());
        for (Link link : links) {
            link.finish(WHY);
            link.afterDown(open::countDown);
        }
        try {
            if (open.await(deadlineNanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        links.forEach(link -> link.close(WHY));
    }
}
