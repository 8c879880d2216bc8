package io.tuli.load;

import io.tuli.measure.Allocation;
import io.tuli.measure.Records;
import io.tuli.measure.Sample;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/**
 * As many requests as fit a window, in writes of 64 KiB; replies are read when the socket has some.
 * One thread does both, and sleeps only when neither can go on.
 */
final class RawBlast {

    private static final int TIMED_EVERY = 16;
    private static final long NANOS_MAX = 120_000_000_000L;

    private final Records records;
    private final int window;
    private final SocketChannel connection;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer out = ByteBuffer.allocateDirect(RawFrames.BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(RawFrames.BUFFER_BYTES);
    private final long[] times;
    private int number;

    RawBlast(SocketAddress server, Records records, int window) throws IOException {
        this.records = records;
        this.window = window;
        times = new long[window / TIMED_EVERY + 2];
        connection = RawServerMain.undelayed(SocketChannel.open(server));
        connection.configureBlocking(false);
        selector = Selector.open();
        key = connection.register(selector, SelectionKey.OP_READ);
    }

    Sample run(long count, long round) throws IOException {
        Histogram latencies = new Histogram(NANOS_MAX, 3);
        long allocated = Allocation.ofAllThreads();
        long began = System.nanoTime();
        long sent = 0;
        long answered = 0;
        while (answered < count) {
            long before = answered;
            sent = fill(sent, Math.min(count, answered + window), round);
            out.flip();
            int written = connection.write(out);
            out.compact();
            answered = drain(answered, round, latencies);
            if (written == 0 && answered == before) {
                key.interestOps(
                        SelectionKey.OP_READ | (out.position() > 0 ? SelectionKey.OP_WRITE : 0));
                selector.select();
                selector.selectedKeys().clear();
            }
        }
        number += (int) count;
        long nanos = System.nanoTime() - began;
        return Sample.of(count, nanos, latencies, Allocation.ofAllThreads() - allocated);
    }

    private long fill(long sent, long until, long round) {
        long index = sent;
        for (; index < until; index++) {
            byte[] value = records.value(records.valueNumber(index, round));
            if (out.remaining() < RawFrames.HEADER_BYTES + value.length) {
                break;
            }
            if (index % TIMED_EVERY == 0) {
                times[(int) (index / TIMED_EVERY % times.length)] = System.nanoTime();
            }
            RawFrames.request(out, value);
        }
        return index;
    }

    private long drain(long answered, long round, Histogram latencies) throws IOException {
        if (connection.read(in) < 0) {
            throw new IOException("the server has gone");
        }
        in.flip();
        long index = answered;
        for (; in.remaining() >= RawFrames.REPLY_BYTES; index++) {
            byte[] value = records.value(records.valueNumber(index, round));
            RawFrames.requireReply(in, number + (int) index, RawFrames.check(value));
            if (index % TIMED_EVERY == 0) {
                long since = times[(int) (index / TIMED_EVERY % times.length)];
                latencies.recordValue(System.nanoTime() - since);
            }
        }
        in.compact();
        return index;
    }
}
