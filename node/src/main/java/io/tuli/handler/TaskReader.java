package io.tuli.handler;

import io.tuli.Payload;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Task;
import java.time.Duration;

/**
 * Reads documents for a handler from wherever it runs: on the partition's loop at once, elsewhere
 * by asking that loop. Thread-safe.
 */
record TaskReader(Task task, HandlerHost host, Thread loop) implements Task.Reader {

    /** The shortest time a read on the loop may take, whatever is left of the deadline. */
    private static final Duration READ_MIN = Duration.ofSeconds(1);

    @Override
    public Payload read(String key) {
        if (Thread.currentThread().equals(loop)) {
            return task.reader().read(key);
        }
        Frame.Request request = task.request();
        Duration left = Duration.ofMillis(request.timeoutMillis());
        Duration within = left.compareTo(READ_MIN) < 0 ? READ_MIN : left;
        return host.onLoop(
                request.service(), request.partition(), () -> task.reader().read(key), within);
    }
}
