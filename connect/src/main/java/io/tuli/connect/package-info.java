/**
 * Level 13: services that begin with what a store has - a table, a file - and write their changes
 * back to it.
 *
 * <p>Read first: {@link io.tuli.connect.Connector}, {@link io.tuli.connect.Source}, {@link
 * io.tuli.connect.TransactionalSink}.
 */
@NullMarked
package io.tuli.connect;

import org.jspecify.annotations.NullMarked;
