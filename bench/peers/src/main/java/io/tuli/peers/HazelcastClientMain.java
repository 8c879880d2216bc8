package io.tuli.peers;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.map.IMap;
import io.tuli.measure.Allocation;
import io.tuli.measure.Child;
import io.tuli.measure.ClientChild;
import io.tuli.measure.Records;
import io.tuli.measure.Rounds;
import io.tuli.measure.Sample;
import io.tuli.measure.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** A client of Hazelcast: many threads, each of which waits for its own write. */
public final class HazelcastClientMain implements ClientChild.Connector {

    private static final int THREADS = 64;
    private static final long NANOS_MAX = 120_000_000_000L;

    private HazelcastClientMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientChild(new HazelcastClientMain()));
    }

    @Override
    public Rounds connect(Words words, Records records) {
        ClientConfig config = new ClientConfig().setClusterName("bench-" + words.number("port"));
        config.setProperty("hazelcast.logging.type", "none");
        config.getNetworkConfig().addAddress("127.0.0.1:" + words.number("port"));
        IMap<String, byte[]> map =
                HazelcastClient.newHazelcastClient(config).getMap(HazelcastServerMain.MAP);
        ExecutorService threads =
                Executors.newFixedThreadPool(THREADS, HazelcastClientMain::daemon);
        return (how, count, round) -> new Writers(map, records, threads).run(count, round);
    }

    private static Thread daemon(Runnable task) {
        return Thread.ofPlatform().daemon().unstarted(task);
    }

    private record Writers(IMap<String, byte[]> map, Records records, ExecutorService threads) {

        Sample run(long count, long round) throws Exception {
            Histogram latencies = new ConcurrentHistogram(NANOS_MAX, 3);
            AtomicLong next = new AtomicLong();
            long allocated = Allocation.ofAllThreads();
            long began = System.nanoTime();
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                writers.add(threads.submit(() -> write(next, count, round, latencies)));
            }
            for (Future<?> each : writers) {
                each.get();
            }
            long nanos = System.nanoTime() - began;
            return Sample.of(count, nanos, latencies, Allocation.ofAllThreads() - allocated);
        }

        private void write(AtomicLong next, long count, long round, Histogram latencies) {
            long index = next.getAndIncrement();
            for (; index < count; index = next.getAndIncrement()) {
                long began = System.nanoTime();
                byte[] value = records.value(records.valueNumber(index, round));
                map.set(records.key(index), value);
                latencies.recordValue(System.nanoTime() - began);
            }
        }
    }
}
