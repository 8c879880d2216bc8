package io.tuli.invoke;

import java.util.Set;

/**
 * What was said of a service that is to be exposed.
 *
 * @param service its name
 * @param isMany whether one call may mean several of its records
 * @param methods that may be called; empty for all it has
 */
public record Exposing(String service, boolean isMany, Set<String> methods) {

    public Exposing {
        methods = Set.copyOf(methods);
    }

    /** All of its methods, each call of one record. */
    public static Exposing of(String service) {
        return new Exposing(service, false, Set.of());
    }
}
