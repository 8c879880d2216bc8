package io.tuli.socket;

import io.tuli.protocol.Durations;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connects to many addresses at once and reads the first bytes each says. Blocks at most as long as
 * it is told; uses no thread but the caller's.
 *
 * <p>Asking all at once, rather than one after the other, keeps an address that swallows packets
 * from costing more than any other.
 */
public final class Probe implements AutoCloseable {

    private static final int TARGETS_MAX = 1_024;

    private final Selector selector;
    private final int answerBytes;
    private final Map<InetSocketAddress, ByteBuffer> answers = new HashMap<>();

    private Probe(int answerBytes) throws IOException {
        this.selector = Selector.open();
        this.answerBytes = answerBytes;
    }

    /**
     * Those of the targets that accepted a connection and said {@code answerBytes} bytes before the
     * patience ended, with these bytes.
     */
    public static Map<InetSocketAddress, ByteBuffer> ask(
            Collection<InetSocketAddress> targets, int answerBytes, Duration patience) {
        try (Probe probe = new Probe(answerBytes)) {
            targets.stream().distinct().limit(TARGETS_MAX).forEach(probe::dial);
            long deadline = System.nanoTime() + Durations.nanos(patience);
            long left = Durations.millis(patience);
            while (left > 0 && probe.isWaiting() && !Thread.currentThread().isInterrupted()) {
                probe.selector.select(probe::proceed, left);
                left = (deadline - System.nanoTime()) / 1_000_000;
            }
            return probe.answers;
        } catch (IOException e) {
            return Map.of();
        }
    }

    private boolean isWaiting() {
        return selector.keys().stream().anyMatch(SelectionKey::isValid);
    }

    private void dial(InetSocketAddress target) {
        if (target.isUnresolved()) {
            return;
        }
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            boolean isConnected = channel.connect(target);
            Call call = new Call(target, ByteBuffer.allocate(answerBytes));
            int interest = isConnected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
            channel.register(selector, interest, call);
        } catch (IOException e) {
            closeQuietly(channel); // refused at once, as on one machine
        }
    }

    private void proceed(SelectionKey key) {
        Call call = (Call) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
            } else if (key.isReadable()) {
                int read = channel.read(call.answer);
                if (!call.answer.hasRemaining()) {
                    answers.put(call.target, call.answer.flip());
                }
                if (read < 0 || !call.answer.hasRemaining()) {
                    closeQuietly(channel);
                }
            }
        } catch (IOException e) {
            closeQuietly(channel);
        }
    }

    private static void closeQuietly(@Nullable SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            return; // nothing depends on it
        }
    }

    @Override
    public void close() throws IOException {
        selector.keys().forEach(key -> closeQuietly((SocketChannel) key.channel()));
        selector.close();
    }

    private record Call(InetSocketAddress target, ByteBuffer answer) {}
}
