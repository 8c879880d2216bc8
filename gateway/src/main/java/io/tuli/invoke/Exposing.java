package io.tuli.invoke;

/**
 * What was said of a service that is to be exposed.
 *
 * @param service its name
 * @param isMany whether one call may mean several of its records
 */
public record Exposing(String service, boolean isMany) {}
