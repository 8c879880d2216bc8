package io.tuli.workload;

import io.tuli.check.Span;

/**
 * One request and how it ended.
 *
 * @param number its number in the history
 * @param writer who made it
 * @param asked what
 * @param answer how it ended
 * @param span when, on the clock of the process that drives all writers
 */
public record Operation(long number, String writer, ChaosRequest asked, Answer answer, Span span) {}
