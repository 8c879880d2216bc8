/**
 * Level 16: the services of a mesh for browsers and plain HTTP clients: composes transports, login
 * and limits on one port of a member.
 *
 * <p>Read first: {@link io.tuli.gateway.Gateway}.
 */
@NullMarked
package io.tuli.gateway;

import org.jspecify.annotations.NullMarked;
