package io.tuli.peers;

import io.tuli.measure.Allocation;
import io.tuli.measure.Child;
import io.tuli.measure.ClientChild;
import io.tuli.measure.Records;
import io.tuli.measure.Rounds;
import io.tuli.measure.Sample;
import io.tuli.measure.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** The near side of JeroMQ: pushes messages and pulls what comes back, in order, on one thread. */
public final class JeroMqClientMain implements ClientChild.Connector {

    private static final int TIMED_EVERY = 16;
    private static final long NANOS_MAX = 120_000_000_000L;

    /** So many are pushed between two looks at what has come back. */
    private static final int BURST = 64;

    private JeroMqClientMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientChild(new JeroMqClientMain()));
    }

    @Override
    @SuppressWarnings("resource") // the process ends with it
    public Rounds connect(Words words, Records records) {
        ZContext context = new ZContext();
        ZMQ.Socket push = context.createSocket(SocketType.PUSH);
        ZMQ.Socket pull = context.createSocket(SocketType.PULL);
        push.setHWM(0);
        pull.setHWM(0);
        push.connect("tcp://127.0.0.1:" + words.number("port"));
        pull.connect("tcp://127.0.0.1:" + words.number("back"));
        int window = words.number("window");
        return (how, count, round) -> new Echo(push, pull, records, window).run(count, round);
    }

    private record Echo(ZMQ.Socket push, ZMQ.Socket pull, Records records, int window) {

        Sample run(long count, long round) {
            Histogram latencies = new Histogram(NANOS_MAX, 3);
            long[] times = new long[window / TIMED_EVERY + 2];
            long allocated = Allocation.ofAllThreads();
            long began = System.nanoTime();
            long sent = 0;
            long answered = 0;
            while (answered < count) {
                long until = Math.min(Math.min(count, answered + window), sent + BURST);
                for (; sent < until; sent++) {
                    if (sent % TIMED_EVERY == 0) {
                        times[(int) (sent / TIMED_EVERY % times.length)] = System.nanoTime();
                    }
                    push.send(records.value(records.valueNumber(sent, round)));
                }
                boolean mayWait = sent == count || sent == answered + window;
                byte[] reply = pull.recv(mayWait ? 0 : ZMQ.DONTWAIT);
                while (reply != null) {
                    if (answered % TIMED_EVERY == 0) {
                        long since = times[(int) (answered / TIMED_EVERY % times.length)];
                        latencies.recordValue(System.nanoTime() - since);
                    }
                    check(reply, answered++, round);
                    reply = answered == count ? null : pull.recv(ZMQ.DONTWAIT);
                }
            }
            long nanos = System.nanoTime() - began;
            return Sample.of(count, nanos, latencies, Allocation.ofAllThreads() - allocated);
        }

        private void check(byte[] reply, long index, long round) {
            int told = ByteBuffer.wrap(reply).getInt();
            if (told != records.check(records.valueNumber(index, round))) {
                throw new IllegalStateException("a reply is not the next one's: " + index);
            }
        }
    }
}
