/**
 * Level 12: what a stranger may send, and what a service's own code may do, that nobody meant:
 * drawn from a seed. The simulation sends it and lets it happen.
 *
 * <p>Read first: {@link io.tuli.hostile.OddRequests}, {@link io.tuli.hostile.Mischief}.
 */
@NullMarked
package io.tuli.hostile;

import org.jspecify.annotations.NullMarked;
