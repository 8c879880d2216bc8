/**
 * Level 16: what a command of the terminal is, and what it has at hand: how it was invoked, its
 * moments in a mesh, how it ends and how it complains.
 *
 * <p>Read first: {@link io.tuli.command.Command}, {@link io.tuli.command.Invocation}, {@link
 * io.tuli.command.Session}.
 */
@NullMarked
package io.tuli.command;

import org.jspecify.annotations.NullMarked;
