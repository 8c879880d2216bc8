/**
 * Level 17: the command that looks into a member's files while the member is not there.
 *
 * <p>Read first: {@link io.tuli.inspect.LogCommand}.
 */
@NullMarked
package io.tuli.inspect;

import org.jspecify.annotations.NullMarked;
