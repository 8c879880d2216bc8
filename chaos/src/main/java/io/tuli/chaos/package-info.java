/**
 * Level 14: one run of chaos: member processes are killed, paused, cut off, joined and sent away
 * while writers ask; all of it is written down, and then judged.
 *
 * <p>Read first: {@link io.tuli.chaos.Chaos}, the command; {@code Campaign}, one run; {@code
 * Nemesis}, who injects the faults.
 */
@NullMarked
package io.tuli.chaos;

import org.jspecify.annotations.NullMarked;
