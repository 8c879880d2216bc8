/**
 * Level 17: gateways under load, and the clients that load them - over HTTP and Socket.IO, on one
 * thread, as bytes.
 *
 * <p>Read first: {@link io.tuli.web.WebClientMain}.
 */
@NullMarked
package io.tuli.web;

import org.jspecify.annotations.NullMarked;
