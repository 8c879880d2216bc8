/**
 * Level 9: publishing and subscribing as users do it, over what {@link
 * io.tuli.interest.PublishCore} decides.
 *
 * <p>One lock of a member guards the core, for some hundred nanoseconds at a time: nothing waits
 * while it is held, and no user's code runs. Bodies are encoded before on the publisher's thread,
 * and decoded on the consumer's.
 *
 * <p>Read first: {@link io.tuli.publish.Publishing}, {@link io.tuli.publish.Topic}.
 */
@NullMarked
package io.tuli.publish;

import org.jspecify.annotations.NullMarked;
