package io.tuli.peers;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.tuli.measure.Allocation;
import io.tuli.measure.Records;
import io.tuli.measure.Rounds;
import io.tuli.measure.Sample;
import io.tuli.measure.Words;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * One way: from the publisher to the subscriber, who says now and then how far he is; no more are
 * under way than the window allows.
 */
final class NatsPublish implements Rounds {

    private static final long NANOS_MAX = 120_000_000_000L;
    private static final int SECONDS_MAX = 30;

    private final Connection connection;
    private final Records records;
    private final int window;
    private final BlockingQueue<ByteBuffer> told = new LinkedBlockingQueue<>();

    NatsPublish(Connection connection, Records records, int window) {
        this.connection = connection;
        this.records = records;
        this.window = Math.max(window, 2 * NatsServerMain.COUNTED_EVERY);
        Dispatcher counted =
                connection.createDispatcher(each -> told.add(ByteBuffer.wrap(each.getData())));
        counted.subscribe(NatsServerMain.COUNTED);
    }

    @Override
    public Sample run(Words how, long count, long round) throws Exception {
        long allocated = Allocation.ofAllThreads();
        long began = System.nanoTime();
        long sum = 0;
        long counted = 0;
        for (long index = 0; index < count; index++) {
            while (index - counted >= window) {
                counted = next().getLong(0);
            }
            int number = records.valueNumber(index, round);
            connection.publish(NatsServerMain.PUBLISH, records.value(number));
            sum += records.check(number);
        }
        connection.publish(NatsServerMain.END, new byte[0]);
        ByteBuffer last = next();
        while (last.getLong(0) < count) {
            last = next();
        }
        long nanos = System.nanoTime() - began;
        told.clear();
        if (last.getLong(Long.BYTES) != sum) {
            throw new IllegalStateException("the subscriber has seen other messages");
        }
        Histogram none = new Histogram(NANOS_MAX, 3);
        return Sample.of(count, nanos, none, Allocation.ofAllThreads() - allocated);
    }

    private ByteBuffer next() throws InterruptedException {
        ByteBuffer next = told.poll(SECONDS_MAX, TimeUnit.SECONDS);
        if (next == null) {
            throw new IllegalStateException("the subscriber does not count any more");
        }
        return next;
    }
}
