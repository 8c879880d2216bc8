/**
 * Level 4: what becomes of the writes of two sides of a split. It sees partitions, not roles.
 *
 * <p>Read first: {@link io.tuli.merge.Merger}, {@link io.tuli.merge.DivergedSuffix}.
 */
@NullMarked
package io.tuli.merge;

import org.jspecify.annotations.NullMarked;
