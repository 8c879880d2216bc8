package io.tuli.handler;

import io.tuli.MeshEvent;
import io.tuli.protocol.Decision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A member with one loop, which remembers what it was told. */
final class TestHost implements HandlerHost, AutoCloseable {
    final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    final List<MeshEvent> events = new CopyOnWriteArrayList<>();
    final AtomicInteger reads = new AtomicInteger();
    private final ExecutorService loop =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("test-loop").factory());

    record Told(int service, int partition, long task, Decision decision) {}

    @Override
    public void decided(int service, int partition, long task, Decision decision) {
        told.add(new Told(service, partition, task, decision));
    }

    @Override
    public <V> V onLoop(int service, int partition, Supplier<V> work, Duration within) {
        reads.incrementAndGet();
        return call(work);
    }

    @Override
    public void event(MeshEvent event) {
        events.add(event);
    }

    /** What the work answers on the loop. */
    <V> V call(Supplier<V> work) {
        try {
            return loop.submit(work::get).get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    Told next() {
        try {
            Told next = told.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing was decided within 10 s");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        loop.shutdownNow();
    }
}
