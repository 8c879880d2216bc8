package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Count up without a pause, a key each, and know what was answered. */
final class Writers {

    private static final int IN_FLIGHT = 16;
    private static final int MORE = 100;

    private final List<Throwable> failed = new CopyOnWriteArrayList<>();
    private final List<AtomicInteger> written = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isOver;

    /** Begins: a writer each, of these services. */
    Writers(List<Service<Long>> services) {
        for (int i = 0; i < services.size(); i++) {
            AtomicInteger count = new AtomicInteger();
            Service<Long> service = services.get(i);
            String key = "k" + i;
            written.add(count);
            threads.add(Thread.ofVirtual().start(() -> write(service, key, count)));
        }
    }

    private void write(Service<Long> service, String key, AtomicInteger count) {
        while (!isOver) {
            List<Call<Long>> calls = new ArrayList<>();
            for (int i = 0; i < IN_FLIGHT; i++) {
                calls.add(service.increment(key, 1));
            }
            for (Call<Long> call : calls) {
                try {
                    call.reply().get(20, TimeUnit.SECONDS);
                    count.incrementAndGet();
                } catch (Exception e) {
                    failed.add(e);
                }
            }
        }
    }

    /** Until each has written as much again. */
    void awaitMore() {
        List<Integer> before = written.stream().map(AtomicInteger::get).toList();
        for (int i = 0; i < before.size(); i++) {
            int enough = before.get(i) + MORE;
            AtomicInteger count = written.get(i);
            await().atMost(TestMeshes.SOON).until(() -> !failed.isEmpty() || count.get() >= enough);
        }
        assertThat(failed).isEmpty();
    }

    /** Ends; no call has failed, and each of them was executed once. */
    void finishOf(Service<Long> service) throws Exception {
        isOver = true;
        for (Thread thread : threads) {
            thread.join(TestMeshes.SOON);
        }
        assertThat(failed).isEmpty();
        for (int i = 0; i < written.size(); i++) {
            assertThat(service.read("k" + i, Long.class).reply().get(20, TimeUnit.SECONDS))
                    .as("each increment of k%d, once", i)
                    .isEqualTo(written.get(i).get());
        }
    }
}
