/**
 * Level 16: Tuli and other products on the same work, in interleaved rounds: how each is started,
 * and what a comparison found.
 *
 * <p>Read {@link io.tuli.compare.Compare} first, then {@link io.tuli.compare.Contenders}.
 */
@NullMarked
package io.tuli.compare;

import org.jspecify.annotations.NullMarked;
