/**
 * Level -1, below the vocabulary: what of a message is still in bytes where it arrives. For the
 * modules of Tuli alone.
 *
 * <p>Read first: {@link io.tuli.arrival.ArrivedBody}.
 */
@NullMarked
package io.tuli.arrival;

import org.jspecify.annotations.NullMarked;
