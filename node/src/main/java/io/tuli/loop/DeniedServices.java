package io.tuli.loop;

import io.tuli.error.Excerpt;
import io.tuli.protocol.Frame;
import io.tuli.service.LocalService;
import io.tuli.service.ServiceBook;
import java.util.function.Consumer;

/**
 * Services that this member may not follow: it holds no replica of them, rather than to ask again
 * and again. With each new link it asks once more, for rights are given and taken. Any thread.
 */
public final class DeniedServices {

    private static final int REASON_CHARS = 500;

    private final ServiceBook services;
    private final Consumer<LocalService> reopening;

    /**
     * Of one member.
     *
     * @param reopening opens a service anew, with a replica or without; may wait
     */
    public DeniedServices(ServiceBook services, Consumer<LocalService> reopening) {
        this.services = services;
        this.reopening = reopening;
    }

    void denied(Frame.Denied denied) {
        LocalService service = services.find(denied.service());
        if (service != null && service.deny(Excerpt.of(denied.detail(), REASON_CHARS))) {
            reopenSoon(service);
        }
    }

    void linkUp() {
        for (LocalService service : services.all()) {
            if (service.followRight().restore()) {
                reopenSoon(service);
            }
        }
    }

    private void reopenSoon(LocalService service) {
        Thread.ofVirtual().name("tuli-reopen-" + service.name()).start(() -> reopen(service));
    }

    /** One after the other: the last one sees how things stand. */
    private synchronized void reopen(LocalService service) {
        reopening.accept(service);
    }
}
