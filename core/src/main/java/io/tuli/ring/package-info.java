/**
 * Level 1: from a view, who owns what; pure functions.
 *
 * <p>Read first: {@link io.tuli.ring.Ring}.
 */
@NullMarked
package io.tuli.ring;

import org.jspecify.annotations.NullMarked;
