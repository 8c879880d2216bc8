/**
 * Level 3: the caller's side of requests: finds the owner, repeats what may be repeated, and ends
 * every call by its deadline with one of the three outcomes. Pure: no threads, no clock.
 *
 * <p>Read first: {@link io.tuli.call.Caller}, {@link io.tuli.call.Outgoing}, {@link
 * io.tuli.call.Routes}.
 */
@NullMarked
package io.tuli.call;

import org.jspecify.annotations.NullMarked;
