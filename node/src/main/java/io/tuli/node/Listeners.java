package io.tuli.node;

import io.tuli.MeshEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who want to hear of what happens in the mesh. Thread-safe. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final int LISTENERS_MAX = 1_000;

    private final List<Registration> registrations = new CopyOnWriteArrayList<>();

    AutoCloseable add(Consumer<MeshEvent> listener) {
        if (registrations.size() >= LISTENERS_MAX) {
            throw new IllegalStateException(
                    "at most " + LISTENERS_MAX + " listeners: close those not needed any more");
        }
        Registration registration = new Registration(listener);
        registrations.add(registration);
        return () -> registrations.remove(registration);
    }

    void tell(MeshEvent.Kind kind, String subject, String text) {
        LOG.debug("{} {} {}", kind, subject, text);
        if (registrations.isEmpty()) {
            return;
        }
        MeshEvent event = new MeshEvent(kind, subject, text);
        for (Registration registration : registrations) {
            try {
                registration.listener.accept(event);
            } catch (RuntimeException thrown) {
                LOG.warn("a listener of mesh events failed on {}", event, thrown);
            }
        }
    }

    /** One listener; compared by identity, so the same one may listen twice. */
    private static final class Registration {
        private final Consumer<MeshEvent> listener;

        Registration(Consumer<MeshEvent> listener) {
            this.listener = listener;
        }
    }
}
