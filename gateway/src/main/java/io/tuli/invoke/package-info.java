/**
 * Level 13: one call of a client of the gateway, whichever transport it came by, to a service that
 * is exposed. Knows nothing of HTTP or of sockets.
 *
 * <p>Read first: {@link io.tuli.invoke.Invocation}, {@link io.tuli.invoke.Invoker}, {@link
 * io.tuli.invoke.Exposures}.
 */
@NullMarked
package io.tuli.invoke;

import org.jspecify.annotations.NullMarked;
