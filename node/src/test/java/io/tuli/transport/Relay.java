package io.tuli.transport;

import io.tuli.handshake.TlsSocket;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** Ends TLS on both sides, with keys of its own. */
final class Relay implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket();
    private final int target;

    Relay(int target) throws IOException {
        this.target = target;
        socket.bind(TestMember.loopback(0));
        Thread.ofVirtual().start(this::acceptAll);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void acceptAll() {
        while (!socket.isClosed()) {
            try {
                Socket dialed = TlsSocket.accepted(socket.accept());
                Socket server = new Socket();
                server.connect(TestMember.loopback(target));
                Socket inside = TlsSocket.over(server);
                Thread.ofVirtual().start(() -> pump(dialed, inside));
                Thread.ofVirtual().start(() -> pump(inside, dialed));
            } catch (IOException broken) {
                // the next one
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException broken) {
            // both are closed
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
