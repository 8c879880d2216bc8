package io.tuli.service;

import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.TuliException;
import io.tuli.protocol.ServiceSpec;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The services this member serves or uses, by number. Thread-safe. */
public final class ServiceBook {

    private final Map<Integer, LocalService> services = new ConcurrentHashMap<>();

    /**
     * Takes up a service.
     *
     * @throws TuliException CONFLICT when another one has its number
     */
    public void add(LocalService service) {
        LocalService other = services.putIfAbsent(service.number(), service);
        if (other != null) {
            throw new TuliException(
                    Outcome.FAILED,
                    Failure.CONFLICT,
                    "two services of one mesh cannot have one number: "
                            + service.name()
                            + " has that of "
                            + other.name()
                            + "; rename one");
        }
    }

    /** This member has no part in it any more. */
    public void remove(LocalService service) {
        services.remove(service.number(), service);
    }

    public Optional<LocalService> find(String name) {
        return Optional.ofNullable(services.get(ServiceSpec.numberOf(name)))
                .filter(service -> service.name().equals(name));
    }

    @Nullable
    public LocalService find(int number) {
        return services.get(number);
    }

    public Collection<LocalService> all() {
        return services.values();
    }
}
