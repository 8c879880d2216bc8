package io.tuli.loop;

import static java.util.Objects.requireNonNull;

import io.tuli.error.Require;
import io.tuli.service.LocalService;
import io.tuli.service.ServiceBook;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The services of this member as one loop looks them up: several times for each entry, mostly the
 * one it asked for last, so that is at hand. One thread; {@link ServiceBook} is everybody's.
 */
final class LoopServices {

    private final ServiceBook book;
    private @Nullable LocalService latest;

    LoopServices(ServiceBook book) {
        this.book = book;
    }

    /** Another may have that number from now on. */
    void forget(int number) {
        LocalService service = latest;
        if (service != null && service.number() == number) {
            latest = null;
        }
    }

    LocalService required(int number) {
        LocalService service = find(number);
        Require.invariant(service != null, "a core knows only services of this member", number);
        return requireNonNull(service);
    }

    boolean hasReplica(int number) {
        LocalService service = find(number);
        return service != null && service.hasReplica();
    }

    Collection<LocalService> all() {
        return book.all();
    }

    private @Nullable LocalService find(int number) {
        LocalService service = latest;
        if (service == null || service.number() != number) {
            service = book.find(number);
            latest = service;
        }
        return service;
    }
}
