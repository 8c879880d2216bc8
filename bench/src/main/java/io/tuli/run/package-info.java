/**
 * Level 15: one run of a benchmark: its options, the processes it starts and drives, what they cost
 * and how that is said.
 *
 * <p>Read {@link io.tuli.run.Fleet} first, then {@link io.tuli.run.Options} and {@link
 * io.tuli.run.Measured}.
 */
@NullMarked
package io.tuli.run;

import org.jspecify.annotations.NullMarked;
