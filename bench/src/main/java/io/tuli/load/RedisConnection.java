package io.tuli.load;

import io.tuli.measure.Allocation;
import io.tuli.measure.Records;
import io.tuli.measure.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;

/**
 * One connection to Redis, driven as hard as the floor's: commands in writes of 64 KiB, replies
 * read when there are some, one thread. Commands are put together from parts made beforehand.
 */
final class RedisConnection {

    private static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = {'\r', '\n'};
    private static final byte[] WAIT = bytes("*3\r\n$4\r\nWAIT\r\n$1\r\n1\r\n$1\r\n0\r\n");
    private static final int WAITED_BYTES = 4;
    private static final int WAITS_PER_WINDOW = 4;
    private static final int TIMED_EVERY = 16;
    private static final long NANOS_MAX = 120_000_000_000L;

    private final Records records;
    private final int window;
    private final SocketChannel connection;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer out = ByteBuffer.allocateDirect(RawFrames.BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(RawFrames.BUFFER_BYTES);
    private final byte[][] keys;
    private final byte[] beforeKey;
    private final byte[] afterKey;
    private final long[] times;

    /** After so many commands it waits for a replica; 0 for never. */
    private final int waitEvery;

    /** Messages of this round: after the last it waits too. */
    private long goal;

    /** Waits answered in this round. */
    private long waited;

    /**
     * @param waits whether commands are answered for only when a replica has them
     */
    RedisConnection(int port, Records records, int window, boolean waits) throws IOException {
        this.records = records;
        this.window = window;
        waitEvery = waits ? Math.max(1, window / WAITS_PER_WINDOW) : 0;
        times = new long[window / TIMED_EVERY + 2];
        keys = new byte[records.count()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = bytes(records.key(i));
        }
        beforeKey = bytes("*3\r\n$3\r\nSET\r\n$" + keys[0].length + "\r\n");
        afterKey = bytes("\r\n$" + records.value(0).length + "\r\n");
        InetAddress host = InetAddress.getLoopbackAddress();
        connection = SocketChannel.open(new InetSocketAddress(host, port));
        connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connection.configureBlocking(false);
        selector = Selector.open();
        key = connection.register(selector, SelectionKey.OP_READ);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    Sample run(long count, long round) throws IOException {
        Histogram latencies = new Histogram(NANOS_MAX, 3);
        long allocated = Allocation.ofAllThreads();
        long began = System.nanoTime();
        long sent = 0;
        long answered = 0;
        goal = count;
        waited = 0;
        long waits = waitEvery == 0 ? 0 : (count + waitEvery - 1) / waitEvery;
        while (answered < count || waited < waits) {
            long before = answered + waited;
            sent = fill(sent, Math.min(count, answered + window), round);
            int written = write();
            read();
            answered = drain(answered, latencies);
            if (written == 0 && answered + waited == before) {
                sleep();
            }
        }
        long nanos = System.nanoTime() - began;
        return Sample.of(count, nanos, latencies, Allocation.ofAllThreads() - allocated);
    }

    private long fill(long sent, long until, long round) {
        long index = sent;
        for (; index < until; index++) {
            byte[] name = keys[(int) (index % keys.length)];
            byte[] value = records.value(records.valueNumber(index, round));
            int size = beforeKey.length + name.length + afterKey.length + value.length + END.length;
            if (out.remaining() < size + WAIT.length) {
                break;
            }
            if (index % TIMED_EVERY == 0) {
                times[(int) (index / TIMED_EVERY % times.length)] = System.nanoTime();
            }
            out.put(beforeKey).put(name).put(afterKey).put(value).put(END);
            if (isWaitDue(index + 1)) {
                out.put(WAIT);
            }
        }
        return index;
    }

    private boolean isWaitDue(long sent) {
        return waitEvery > 0 && (sent % waitEvery == 0 || sent == goal);
    }

    private int write() throws IOException {
        out.flip();
        int written = connection.write(out);
        out.compact();
        return written;
    }

    private void read() throws IOException {
        if (connection.read(in) < 0) {
            throw new IOException("Redis has closed the connection");
        }
    }

    private void sleep() throws IOException {
        key.interestOps(SelectionKey.OP_READ | (out.position() > 0 ? SelectionKey.OP_WRITE : 0));
        selector.select();
        selector.selectedKeys().clear();
    }

    private long drain(long answered, Histogram latencies) {
        in.flip();
        long index = answered;
        while (in.remaining() >= OK.length) {
            if (in.get(in.position()) == ':') {
                requireCopies();
                continue;
            }
            for (byte expected : OK) {
                if (in.get() != expected) {
                    throw new IllegalStateException("Redis did not answer +OK to SET " + index);
                }
            }
            if (index % TIMED_EVERY == 0) {
                long since = times[(int) (index / TIMED_EVERY % times.length)];
                latencies.recordValue(System.nanoTime() - since);
            }
            index++;
        }
        if (in.remaining() == WAITED_BYTES && in.get(in.position()) == ':') {
            requireCopies();
        }
        in.compact();
        return index;
    }

    /** Reads how many replicas have it: one digit. */
    private void requireCopies() {
        if (in.get(in.position() + 1) < '1') {
            throw new IllegalStateException("no replica of Redis has what was sent");
        }
        in.position(in.position() + WAITED_BYTES);
        waited++;
    }

    /** How many keys Redis says it holds. */
    long count() throws IOException {
        out.put(bytes("*1\r\n$6\r\nDBSIZE\r\n"));
        while (in.position() == 0 || in.get(in.position() - 1) != '\n') {
            write();
            read();
        }
        in.flip();
        byte[] text = new byte[in.remaining()];
        in.get(text);
        in.clear();
        return Long.parseLong(new String(text, 1, text.length - 3, StandardCharsets.US_ASCII));
    }

    /** The sum over all keys, each read back. */
    long sum() throws IOException {
        byte[] head = bytes("*2\r\n$3\r\nGET\r\n$" + keys[0].length + "\r\n");
        byte[] prefix = bytes("$" + records.value(0).length + "\r\n");
        byte[] value = new byte[records.value(0).length];
        long sum = 0;
        int asked = 0;
        int told = 0;
        while (told < keys.length) {
            for (; asked < keys.length && asked < told + window; asked++) {
                if (out.remaining() < head.length + keys[asked].length + END.length) {
                    break;
                }
                out.put(head).put(keys[asked]).put(END);
            }
            int written = write();
            read();
            in.flip();
            int before = told;
            while (in.remaining() >= prefix.length + value.length + END.length) {
                in.position(in.position() + prefix.length);
                in.get(value);
                in.position(in.position() + END.length);
                sum += Records.entry(records.key(told++), Records.check(value));
            }
            in.compact();
            if (written == 0 && told == before) {
                sleep();
            }
        }
        return sum;
    }
}
