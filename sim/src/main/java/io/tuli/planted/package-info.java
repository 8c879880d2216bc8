/**
 * Level 14: faults planted on purpose in a simulated cluster, to see that it finds them.
 *
 * <p>Read first: {@link io.tuli.planted.Bug}.
 */
@NullMarked
package io.tuli.planted;

import org.jspecify.annotations.NullMarked;
