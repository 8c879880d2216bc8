package io.tuli.service;

import io.tuli.MeshEvent;
import io.tuli.wall.LogLimit;
import io.tuli.wall.Wall;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who want to hear of what happens in the mesh. Each hears on virtual threads, of one event
 * after the other: what a listener does, or throws, holds up neither loops nor other listeners.
 * Thread-safe.
 */
public final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final int LISTENERS_MAX = 1_000;

    /** Events that wait for one listener; what comes when it is so far behind is left out. */
    private static final int EVENTS_MAX = 10_000;

    private final List<Registration> registrations = new CopyOnWriteArrayList<>();

    public AutoCloseable add(Consumer<MeshEvent> listener) {
        if (registrations.size() >= LISTENERS_MAX) {
            throw new IllegalStateException(
                    "at most " + LISTENERS_MAX + " listeners: close those not needed any more");
        }
        Registration registration = new Registration(listener);
        registrations.add(registration);
        return () -> {
            registration.isClosed = true;
            registrations.remove(registration);
        };
    }

    /** Returns at once. Any thread. */
    public void tell(MeshEvent event) {
        LOG.debug("{}", event);
        for (Registration registration : registrations) {
            registration.tell(event);
        }
    }

    /** One listener; compared by identity, so the same one may listen twice. */
    private static final class Registration {

        private final Consumer<MeshEvent> listener;
        private final Wall wall = new Wall("a listener of mesh events");
        private final LogLimit limit = new LogLimit();
        private final Queue<MeshEvent> events = new ConcurrentLinkedQueue<>();
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicBoolean isTelling = new AtomicBoolean();
        private volatile boolean isClosed;

        Registration(Consumer<MeshEvent> listener) {
            this.listener = listener;
        }

        public void tell(MeshEvent event) {
            if (waiting.get() >= EVENTS_MAX) {
                leftOut();
                return;
            }
            waiting.incrementAndGet();
            events.add(event);
            begin();
        }

        private void leftOut() {
            if (limit.mayLog()) {
                LOG.warn(
                        "a listener must keep up, an event is left out: waiting={} notLogged={}",
                        EVENTS_MAX,
                        limit.takeUnlogged());
            }
        }

        /** A thread for as long as there are events: whoever adds one and sees none starts it. */
        private void begin() {
            if (isTelling.compareAndSet(false, true)) {
                Thread.ofVirtual().name("tuli-events").start(this::tellAll);
            }
        }

        private void tellAll() {
            MeshEvent event = events.poll();
            while (event != null) {
                waiting.decrementAndGet();
                if (!isClosed) {
                    tellOne(event);
                }
                event = events.poll();
            }
            isTelling.set(false);
            if (!events.isEmpty()) {
                begin();
            }
        }

        private void tellOne(MeshEvent event) {
            wall.run(() -> listener.accept(event));
        }
    }
}
