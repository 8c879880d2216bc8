/**
 * Level 17: the commands that send something: set, add, rm, push, patch, and send itself; and those
 * that publish, listen, ask and answer line by line, or let another mesh do so.
 *
 * <p>Read first: {@link io.tuli.write.Write}, {@link io.tuli.write.SetCommand}.
 */
@NullMarked
package io.tuli.write;

import org.jspecify.annotations.NullMarked;
