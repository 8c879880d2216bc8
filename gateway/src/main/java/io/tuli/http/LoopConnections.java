package io.tuli.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connections of one loop, looked at twice a second. Confined to it. */
final class LoopConnections {

    private static final long LOOK_MILLIS = 500;

    private final EventLoop loop;
    private final Set<Watched> open = new HashSet<>();
    private @Nullable ScheduledFuture<?> looks;

    LoopConnections(EventLoop loop) {
        this.loop = loop;
    }

    void add(Watched connection) {
        open.add(connection);
        if (looks == null) {
            looks =
                    loop.scheduleWithFixedDelay(
                            () -> {
                                long now = System.nanoTime();
                                each(connectionOpen -> connectionOpen.look(now));
                            },
                            LOOK_MILLIS,
                            LOOK_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    void remove(Watched connection) {
        open.remove(connection);
        if (open.isEmpty() && looks != null) {
            looks.cancel(false);
            looks = null;
        }
    }

    /** Of those that are open now: one that is closed here is no trouble. */
    void each(Consumer<Watched> task) {
        List<Watched> now = new ArrayList<>(open);
        now.forEach(task);
    }
}
