package io.tuli.check;

/**
 * One operation on one register.
 *
 * @param number names it in a verdict
 * @param step what it did; what an UNKNOWN one has seen is not looked at
 * @param span when
 */
public record RegisterOperation(long number, RegisterStep step, Span span) {}
