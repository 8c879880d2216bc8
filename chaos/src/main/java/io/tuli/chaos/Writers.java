package io.tuli.chaos;

import io.tuli.agent.AgentProcess;
import io.tuli.agent.Cluster;
import io.tuli.agent.Deadline;
import io.tuli.workload.Answer;
import io.tuli.workload.ChaosRequest;
import io.tuli.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * The logical clients: each asks through one of the client members, waits for the answer, and asks
 * again when it is due. One virtual thread each.
 */
final class Writers {

    static final int COUNT = 16;

    /** What a call may take beyond its deadline before the process that made it is given up. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Workload workload;
    private final History history;
    private final long intervalNanos;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isStopped;

    Writers(Workload workload, History history, int perSecond) {
        this.workload = workload;
        this.history = history;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) * COUNT / perSecond;
    }

    void start(Cluster cluster, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < COUNT; i++) {
            int writer = i;
            AgentProcess client = cluster.clients().get(i % cluster.clients().size());
            RandomGenerator own = random.split();
            threads.add(
                    Thread.ofVirtual().name("writer-" + i).start(() -> write(writer, client, own)));
        }
    }

    private void write(int writer, AgentProcess client, RandomGenerator random) {
        String name = client.name() + "/" + writer;
        long due = System.nanoTime() + random.nextLong(intervalNanos);
        while (!isStopped) {
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
                continue;
            }
            ChaosRequest asked = workload.next(writer, random);
            History.Begun begun = history.begin(name, asked);
            workload.ended(writer, history.end(begun, answer(client, asked)));
            due = Math.max(due + intervalNanos, System.nanoTime() - intervalNanos);
        }
    }

    private static Answer answer(AgentProcess client, ChaosRequest asked) {
        try {
            return client.call(asked)
                    .get(ChaosRequest.WITHIN.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return Answer.lost("no answer from " + client.name());
        } catch (ExecutionException failed) {
            return Answer.lost(String.valueOf(failed.getCause()));
        } catch (InterruptedException stopped) {
            return Answer.lost("the run was stopped");
        }
    }

    /** Waits until every writer has got its last answer. */
    void stop() {
        isStopped = true;
        Deadline deadline = Deadline.in(ChaosRequest.WITHIN.plus(GRACE).plusSeconds(2));
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofNanos(Math.max(1, deadline.leftNanos())))) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                threads.forEach(Thread::interrupt);
                return;
            }
        }
    }
}
