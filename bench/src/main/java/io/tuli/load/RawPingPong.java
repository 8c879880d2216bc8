package io.tuli.load;

import io.tuli.measure.Allocation;
import io.tuli.measure.Records;
import io.tuli.measure.Sample;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/** One request at a time over a blocking socket: the floor of a round trip. */
final class RawPingPong {

    private static final long NANOS_MAX = 120_000_000_000L;

    private final Records records;
    private final SocketChannel connection;
    private final ByteBuffer out = ByteBuffer.allocateDirect(RawFrames.BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(RawFrames.REPLY_BYTES);
    private int number;

    RawPingPong(SocketAddress server, Records records) throws IOException {
        this.records = records;
        connection = RawServerMain.undelayed(SocketChannel.open(server));
    }

    Sample run(long count, long round) throws IOException {
        Histogram latencies = new Histogram(NANOS_MAX, 3);
        long allocated = Allocation.ofAllThreads();
        long began = System.nanoTime();
        long before = began;
        for (long index = 0; index < count; index++) {
            byte[] value = records.value(records.valueNumber(index, round));
            RawFrames.request(out.clear(), value);
            connection.write(out.flip());
            in.clear();
            while (in.hasRemaining()) {
                if (connection.read(in) < 0) {
                    throw new IOException("the server has gone");
                }
            }
            long now = System.nanoTime();
            latencies.recordValue(now - before);
            before = now;
            RawFrames.requireReply(in.flip(), number++, RawFrames.check(value));
        }
        long nanos = System.nanoTime() - began;
        return Sample.of(count, nanos, latencies, Allocation.ofAllThreads() - allocated);
    }
}
