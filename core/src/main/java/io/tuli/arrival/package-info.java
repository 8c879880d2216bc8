/**
 * Level -1, below the vocabulary: a message where it has arrived. For the modules of Tuli alone.
 *
 * <p>Read first: {@link io.tuli.arrival.ArrivedMessage}.
 */
@NullMarked
package io.tuli.arrival;

import org.jspecify.annotations.NullMarked;
