package io.tuli.check;

/**
 * One element added to a set.
 *
 * @param element unique in the history
 * @param span when
 */
public record Added(String element, Span span) {}
