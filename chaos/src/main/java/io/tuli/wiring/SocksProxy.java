package io.tuli.wiring;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * A SOCKS 5 proxy that one place reaches all others by, as long as the switchboard lets it. Each
 * connection has two virtual threads, which end with it.
 */
final class SocksProxy implements AutoCloseable {

    private static final int VERSION = 5;
    private static final int IPV4 = 1;
    private static final int IPV4_BYTES = 4;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int BACKLOG = 64;
    private static final int CHUNK_BYTES = 64 * 1024;

    /** No split is longer. */
    private static final long SPLIT_SECONDS_MAX = 120;

    private final int place;
    private final Switchboard switchboard;
    private final ToIntFunction<InetAddress> places;
    private final ServerSocket socket;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    SocksProxy(int place, Switchboard switchboard, ToIntFunction<InetAddress> places)
            throws IOException {
        this.place = place;
        this.switchboard = switchboard;
        this.places = places;
        this.socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        Thread.ofVirtual().name("proxy-" + place).start(this::acceptAll);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void acceptAll() {
        while (!socket.isClosed()) {
            try {
                Socket caller = socket.accept();
                sockets.add(caller);
                Thread.ofVirtual().start(() -> serve(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket caller) {
        Socket callee = new Socket(java.net.Proxy.NO_PROXY);
        sockets.add(callee);
        try {
            InetSocketAddress target = target(caller);
            int other = places.applyAsInt(target.getAddress());
            if (!switchboard.awaitRoad(place, other, SPLIT_SECONDS_MAX)) {
                throw new IOException("the split is too long");
            }
            callee.connect(target, CONNECT_MILLIS);
            callee.setTcpNoDelay(true);
            caller.setTcpNoDelay(true);
            caller.getOutputStream().write(new byte[] {VERSION, 0, 0, IPV4, 0, 0, 0, 0, 0, 0});
            Thread.ofVirtual().start(() -> pump(callee, caller, other));
            pump(caller, callee, other);
        } catch (IOException | InterruptedException failed) {
            end(caller, callee);
        }
    }

    /** What the caller wants to be connected to. */
    private static InetSocketAddress target(Socket caller) throws IOException {
        DataInputStream in = new DataInputStream(caller.getInputStream());
        require(in.readByte() == VERSION, "version");
        in.readNBytes(in.readUnsignedByte());
        caller.getOutputStream().write(new byte[] {VERSION, 0});
        require(in.readByte() == VERSION, "version");
        require(in.readByte() == 1, "command");
        in.readByte();
        require(in.readByte() == IPV4, "kind of address");
        InetAddress address = InetAddress.getByAddress(in.readNBytes(IPV4_BYTES));
        return new InetSocketAddress(address, in.readUnsignedShort());
    }

    private static void require(boolean isTrue, String what) throws IOException {
        if (!isTrue) {
            throw new IOException("not understood: " + what);
        }
    }

    private void pump(Socket from, Socket to, int other) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                awaitRoad(other);
                out.write(chunk, 0, read);
            }
            awaitRoad(other);
            to.shutdownOutput();
        } catch (IOException | InterruptedException ended) {
            end(from, to);
        }
        if (from.isOutputShutdown() || to.isInputShutdown()) {
            end(from, to);
        }
    }

    private void awaitRoad(int other) throws IOException, InterruptedException {
        if (!switchboard.awaitRoad(place, other, SPLIT_SECONDS_MAX)) {
            throw new IOException("the split is too long");
        }
    }

    private void end(Socket... ended) {
        for (Socket each : ended) {
            sockets.remove(each);
            closeQuietly(each);
        }
    }

    private static void closeQuietly(Socket ended) {
        try {
            ended.close();
        } catch (IOException e) {
            // It is closed already, or as good as.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new WiringException("a proxy could not be closed: " + e.getMessage());
        }
        end(sockets.toArray(Socket[]::new));
    }
}
