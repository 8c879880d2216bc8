/**
 * Level 4: one member's half of the decisions of one loop: routes each input to its partition, and
 * nothing else.
 *
 * <p>Read first: {@link io.tuli.core.Core}.
 */
@NullMarked
package io.tuli.core;

import org.jspecify.annotations.NullMarked;
