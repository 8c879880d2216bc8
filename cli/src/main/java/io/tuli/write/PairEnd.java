package io.tuli.write;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.command.Invocation;
import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * One end of a pair: lines go both ways between two ends that are alike. Who finds nobody waits,
 * and serves the service; who comes next opens a tunnel to it; a third is refused. Of two that wait
 * for each other, because they came at one moment, the one with the greater id goes to the other.
 */
final class PairEnd {

    /** Others say soon what they serve; who hears it later sees then that two wait. */
    private static final Duration HEARSAY = Duration.ofMillis(300);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Duration AT_ONCE = Duration.ZERO;

    private final Invocation tuli;
    private final String service;
    private final long most;
    private final TextLines lines;
    private final AtomicBoolean isPaired = new AtomicBoolean();

    /**
     * @param most ends it after so many lines of the other end
     */
    PairEnd(Invocation tuli, String service, long most) {
        this.tuli = tuli;
        this.service = service;
        this.most = most;
        this.lines = new TextLines(tuli.terminal().in());
    }

    /** Until both ends have ended, or one goes. */
    void run(Mesh mesh) throws InterruptedException {
        if (isThere(mesh, HEARSAY)) {
            open(mesh);
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        ServiceConfig<Void> config =
                ServiceConfig.stateless(service)
                        .tunnel((message, tunnel) -> talk(tunnel, done))
                        .capacity(1)
                        .queue(0);
        try (Service<Void> served = mesh.serve(config)) {
            mesh.closed().whenComplete((end, broken) -> done.complete(null));
            tuli.note("waiting for the other end of the pair; Ctrl-C to stop");
            while (!isDone(done)) {
                if (!isPaired.get() && isOtherFirst(mesh)) {
                    served.close(AT_ONCE);
                    break;
                }
            }
        }
        if (!done.isDone()) {
            open(mesh);
        }
    }

    private static boolean isDone(CompletableFuture<Void> done) throws InterruptedException {
        try {
            done.get(HEARSAY.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException waiting) {
            return false;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private boolean isThere(Mesh mesh, Duration within) {
        long deadline = System.nanoTime() + Durations.nanos(within);
        boolean isThere = servedBy(mesh).isPresent();
        while (!isThere && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            isThere = servedBy(mesh).isPresent();
        }
        return isThere;
    }

    private Optional<Member> servedBy(Mesh mesh) {
        return mesh.service(service).stream()
                .map(ServiceDescription::servers)
                .flatMap(servers -> servers.stream())
                .filter(server -> !server.equals(mesh.self()))
                .findFirst();
    }

    private boolean isOtherFirst(Mesh mesh) {
        return servedBy(mesh)
                .filter(other -> other.id().compareTo(mesh.self().id()) < 0)
                .isPresent();
    }

    private void open(Mesh mesh) {
        Service<Void> used = mesh.use(ServiceConfig.stateless(service));
        Member other =
                servedBy(mesh)
                        .orElseThrow(
                                () ->
                                        new TuliException(
                                                Failure.UNAVAILABLE,
                                                "the other end has gone: " + service));
        Message message = Message.of(CatCommand.VERB).within(Duration.ofDays(1));
        try (Tunnel tunnel = used.member(other.id()).open(message)) {
            talk(tunnel);
        }
    }

    private void talk(Tunnel tunnel, CompletableFuture<Void> done) {
        try {
            talk(tunnel);
            done.complete(null);
        } catch (Throwable failed) {
            done.completeExceptionally(failed);
        }
    }

    /** Lines go on one thread, and come on this one. */
    private void talk(Tunnel tunnel) {
        isPaired.set(true);
        tuli.note("paired; end the input to finish");
        CompletableFuture<Void> sent = new CompletableFuture<>();
        Thread sending =
                Thread.ofPlatform().daemon().name("tuli-lines").unstarted(() -> send(tunnel, sent));
        sending.start();
        long left = most;
        Payload line = tunnel.receive(Payload.class);
        while (line != null && !tuli.terminal().out().checkError()) {
            tuli.terminal().line(TextLines.of(line));
            line = --left <= 0 ? null : tunnel.receive(Payload.class);
        }
        if (left > 0) {
            sent.join();
        }
    }

    private void send(Tunnel tunnel, CompletableFuture<Void> sent) {
        try {
            for (Payload line = lines.next(); line != null; line = lines.next()) {
                tunnel.send(line);
            }
            tunnel.finish();
        } catch (TuliException over) {
            tuli.note("the pair has ended: " + over.getMessage());
            tunnel.close();
        } finally {
            sent.complete(null);
        }
    }
}
