/**
 * Level 8: how a socket to another member is reached and set up: hosts are resolved, members of one
 * machine meet at a door, a proxy is passed. It knows channels, and neither links nor frames.
 *
 * <p>Read first: {@link io.tuli.socket.Channels}, {@link io.tuli.socket.SameHost}.
 */
@NullMarked
package io.tuli.socket;

import org.jspecify.annotations.NullMarked;
