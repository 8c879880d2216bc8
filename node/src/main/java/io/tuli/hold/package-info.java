/**
 * Level 7: what a reader of a group holds: a partition that it was granted, and the changes of it
 * that it has and has not acknowledged.
 *
 * <p>Read first: {@link io.tuli.hold.Hold}, {@link io.tuli.hold.Acks}, {@link
 * io.tuli.hold.AckRules}.
 */
@NullMarked
package io.tuli.hold;

import org.jspecify.annotations.NullMarked;
