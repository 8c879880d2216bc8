package io.tuli.rest;

import io.tuli.Refusal;
import io.tuli.invoke.Exposures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the service of a path, and the id that may follow. Thread-safe. */
public final class ServicePaths {

    private static final int SEGMENTS_MAX = 32;

    private final Predicate<String> isService;

    /** Those that are exposed. */
    public ServicePaths(Exposures exposures) {
        this(path -> exposures.find(path).isPresent());
    }

    ServicePaths(Predicate<String> isService) {
        this.isService = isService;
    }

    /**
     * A service's path, and an id.
     *
     * @param id null where there is none
     */
    record Found(String path, @Nullable String id) {}

    /**
     * The longest service that leaves one segment or none. Outer and doubled slashes do not matter.
     *
     * @param path of a request, not decoded
     * @throws Refusal 404; 400 where it cannot be decoded
     */
    Found find(String path) {
        List<String> segments = new ArrayList<>();
        for (String each : path.split("/")) {
            if (!each.isEmpty()) {
                segments.add(Percent.decode(each));
            }
            if (segments.size() > SEGMENTS_MAX) {
                throw notFound();
            }
        }
        String whole = String.join("/", segments);
        if (isService.test(whole)) {
            return new Found(whole, null);
        }
        if (segments.size() > 1) {
            String shorter = String.join("/", segments.subList(0, segments.size() - 1));
            if (isService.test(shorter)) {
                return new Found(shorter, segments.getLast());
            }
        }
        throw notFound();
    }

    private static Refusal notFound() {
        return Refusal.notFound("Page not found");
    }
}
