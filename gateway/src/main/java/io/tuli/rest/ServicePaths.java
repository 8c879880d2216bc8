package io.tuli.rest;

import io.tuli.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the service of a path, and the id that may follow. Thread-safe. */
final class ServicePaths {

    private static final int SEGMENTS_MAX = 32;

    private final Predicate<String> isService;

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
        int last = segments.size() - 1;
        if (last >= 0 && areNames(segments) && isService.test(String.join("/", segments))) {
            return new Found(String.join("/", segments), null);
        }
        if (last > 0 && areNames(segments.subList(0, last))) {
            String shorter = String.join("/", segments.subList(0, last));
            if (isService.test(shorter)) {
                return new Found(shorter, segments.getLast());
            }
        }
        throw notFound();
    }

    /** What a path asks for, without the id; {@code -} where it asks for nothing there is. */
    String shown(String path) {
        try {
            Found found = find(path);
            return "/" + found.path() + (found.id() == null ? "" : "/:id");
        } catch (Refusal none) {
            return "-";
        }
    }

    /** An encoded slash is part of an id, and of no service's path. */
    private static boolean areNames(List<String> segments) {
        return segments.stream().noneMatch(each -> each.indexOf('/') >= 0);
    }

    private static Refusal notFound() {
        return Refusal.notFound("Page not found");
    }
}
