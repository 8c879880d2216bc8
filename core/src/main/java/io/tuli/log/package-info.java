/**
 * Level 1: a bounded, append-only changelog, the state it makes, and what moves with both.
 *
 * <p>Read first: {@link io.tuli.log.Changelog}, {@link io.tuli.log.Entry}, {@link
 * io.tuli.log.PartitionState}.
 */
@NullMarked
package io.tuli.log;

import org.jspecify.annotations.NullMarked;
