/**
 * Level -2, below the vocabulary: what an error says - the rule, the facts cut to what can be
 * recognised, and the name that was probably meant. For the modules of Tuli alone.
 *
 * <p>Read first: {@link io.tuli.error.Require}, {@link io.tuli.error.Excerpt}.
 */
@NullMarked
package io.tuli.error;

import org.jspecify.annotations.NullMarked;
