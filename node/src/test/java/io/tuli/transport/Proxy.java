package io.tuli.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a member and those who dial it: sees all bytes, and may change them. */
final class Proxy implements AutoCloseable {

    /** What it does with bytes on their way. */
    interface Meddler {

        /**
         * Changes some bytes in place, or not.
         *
         * @param at how many came before in this direction
         */
        void meddle(byte[] bytes, int length, long at, boolean isToServer);
    }

    private final ServerSocket socket = new ServerSocket();
    private final int target;
    private final Meddler meddler;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    Proxy(int target, Meddler meddler) throws IOException {
        this.target = target;
        this.meddler = meddler;
        socket.bind(TestMember.loopback(0));
        Thread.ofVirtual().start(this::acceptAll);
    }

    int port() {
        return ((InetSocketAddress) socket.getLocalSocketAddress()).getPort();
    }

    /** All that has passed, in both directions. */
    byte[] seen() {
        synchronized (seen) {
            return seen.toByteArray();
        }
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket dialed = socket.accept();
                Socket server = new Socket();
                server.connect(TestMember.loopback(target));
                sockets.addAll(List.of(dialed, server));
                Thread.ofVirtual().start(() -> pump(dialed, server, true));
                Thread.ofVirtual().start(() -> pump(server, dialed, false));
            }
        } catch (IOException closed) {
            sockets.forEach(Proxy::close);
        }
    }

    private void pump(Socket from, Socket to, boolean isToServer) {
        byte[] bytes = new byte[64 * 1024];
        long at = 0;
        try {
            int length = from.getInputStream().read(bytes);
            while (length > 0) {
                synchronized (seen) {
                    seen.write(bytes, 0, length);
                }
                meddler.meddle(bytes, length, at, isToServer);
                to.getOutputStream().write(bytes, 0, length);
                at += length;
                length = from.getInputStream().read(bytes);
            }
        } catch (IOException broken) {
            // both ends hear of it
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        sockets.forEach(Proxy::close);
    }
}
