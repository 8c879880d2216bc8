/**
 * Level 2: all that a core can hear and say.
 *
 * <p>Read first: {@link io.tuli.protocol.Frame}, {@link io.tuli.protocol.Input}, {@link
 * io.tuli.protocol.Effects}.
 */
@NullMarked
package io.tuli.protocol;

import org.jspecify.annotations.NullMarked;
