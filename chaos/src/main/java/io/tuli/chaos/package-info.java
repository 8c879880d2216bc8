/**
 * Chaos: real member processes that are killed, paused, cut off, joined and sent away while one
 * process drives them and writes down what it asked and was told; then the history is judged.
 *
 * <p>Level 8, above {@code io.tuli.node} and {@code io.tuli.check}. Read first: {@link
 * io.tuli.chaos.Chaos}, the command; {@code Campaign}, one run; {@code Agent}, what runs in the
 * processes; {@code Workload}, what is asked and promised.
 */
@NullMarked
package io.tuli.chaos;

import org.jspecify.annotations.NullMarked;
