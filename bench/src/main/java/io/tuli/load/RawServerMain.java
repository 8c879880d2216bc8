package io.tuli.load;

import io.tuli.measure.Child;
import io.tuli.measure.Words;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;

/** The floor's server: a thread a connection; reads what there is, answers all of it at once. */
public final class RawServerMain implements Child.Commands {

    private RawServerMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new RawServerMain());
    }

    @Override
    public Object run(String command, Words words) throws IOException {
        boolean isUnix = words.text("link").equals("unix");
        ServerSocketChannel server =
                isUnix
                        ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        : ServerSocketChannel.open();
        server.bind(address(words.with("port", 0)));
        Thread.ofPlatform().daemon().name("accept").start(() -> accept(server));
        return Map.of(
                "port",
                server.getLocalAddress() instanceof InetSocketAddress bound ? bound.getPort() : 0);
    }

    /** Where it listens: the file {@code socket}, or the {@code port}. */
    static SocketAddress address(Words words) {
        return words.text("link").equals("unix")
                ? UnixDomainSocketAddress.of(words.text("socket"))
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), words.number("port"));
    }

    /** A socket of the machine alone never waits for more to send. */
    static SocketChannel undelayed(SocketChannel connection) throws IOException {
        return connection.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)
                ? connection.setOption(StandardSocketOptions.TCP_NODELAY, true)
                : connection;
    }

    private static void accept(ServerSocketChannel server) {
        try {
            while (true) {
                SocketChannel connection = undelayed(server.accept());
                Thread.ofPlatform().daemon().name("serve").start(() -> serve(connection));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void serve(SocketChannel connection) {
        ByteBuffer in = ByteBuffer.allocateDirect(4 * RawFrames.BUFFER_BYTES);
        ByteBuffer out = ByteBuffer.allocateDirect(RawFrames.BUFFER_BYTES);
        int number = 0;
        try (connection) {
            while (connection.read(in) >= 0) {
                in.flip();
                while (RawFrames.hasRequest(in)) {
                    if (out.remaining() < RawFrames.REPLY_BYTES) {
                        flush(connection, out);
                    }
                    RawFrames.reply(in, out, number++);
                }
                in.compact();
                flush(connection, out);
            }
        } catch (IOException gone) {
            return;
        }
    }

    private static void flush(SocketChannel connection, ByteBuffer out) throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            connection.write(out);
        }
        out.clear();
    }
}
