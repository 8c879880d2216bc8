/**
 * Judges what a run of a cluster has recorded: histories of operations and the checkers for them.
 * Pure functions: no clock, no thread, no I/O, and no idea of where a history comes from.
 *
 * <p>Level 1: only {@code io.tuli} is below. Read first: {@link io.tuli.check.Span}, {@link
 * io.tuli.check.Verdict}, {@link io.tuli.check.Linearizability}.
 */
@NullMarked
package io.tuli.check;

import org.jspecify.annotations.NullMarked;
