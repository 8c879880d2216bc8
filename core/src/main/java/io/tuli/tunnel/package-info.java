/**
 * Level 3: what one end of a tunnel may send, what it has received and may still, and how many
 * tunnels a member has at once. Pure: no threads, no clock.
 *
 * <p>Read first: {@link io.tuli.tunnel.TunnelEnd}.
 */
@NullMarked
package io.tuli.tunnel;

import org.jspecify.annotations.NullMarked;
