package io.tuli.load;

import io.tuli.measure.Child;
import io.tuli.measure.Words;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
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
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().name("accept").start(() -> accept(server));
        return Map.of("port", ((InetSocketAddress) server.getLocalAddress()).getPort());
    }

    private static void accept(ServerSocketChannel server) {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
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
