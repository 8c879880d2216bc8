/**
 * Level 9: folds one service's changes into another, each once, on the target's owners.
 *
 * <p>Read first: {@link io.tuli.fold.FoldRunner}, {@code Folding}.
 */
@NullMarked
package io.tuli.fold;

import org.jspecify.annotations.NullMarked;
