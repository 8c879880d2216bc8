/**
 * Level 15: clients of Socket.IO and of plain WebSockets on the gateway's connections - calls,
 * logins, events. A thin side of Netty around the state machines of {@link io.tuli.engine} and
 * {@link io.tuli.socketio}.
 *
 * <p>Read first: {@link io.tuli.browser.SocketRoute}, {@link io.tuli.browser.BrowserSession}.
 */
@NullMarked
package io.tuli.browser;

import org.jspecify.annotations.NullMarked;
