/**
 * Socket.IO 5 without a network: packets, namespaces, events and their acknowledgements, on
 * sessions of Engine.IO. Level 14. Read first: {@link io.tuli.socketio.SocketClient}.
 */
@NullMarked
package io.tuli.socketio;

import org.jspecify.annotations.NullMarked;
