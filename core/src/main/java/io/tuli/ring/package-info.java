/**
 * Level 1: from a view, who owns what, by pure functions; and what was promised to earlier owners.
 *
 * <p>Read first: {@link io.tuli.ring.Ring}.
 */
@NullMarked
package io.tuli.ring;

import org.jspecify.annotations.NullMarked;
