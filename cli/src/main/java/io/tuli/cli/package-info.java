/**
 * Level 19: the operator's terminal. Joins a mesh as a client - or, for {@code serve}, as a server
 * - does what one command says, and leaves.
 *
 * <p>Results go to standard output and everything else to standard error; the exit code says how it
 * ended ({@link io.tuli.command.Exit}).
 *
 * <p>Read first: {@link io.tuli.cli.Main}, {@link io.tuli.command.Command}, {@link
 * io.tuli.command.Session}.
 */
@NullMarked
package io.tuli.cli;

import org.jspecify.annotations.NullMarked;
