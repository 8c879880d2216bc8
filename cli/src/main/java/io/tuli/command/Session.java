package io.tuli.command;

import io.tuli.EventFeed;
import io.tuli.Failure;
import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import io.tuli.error.Nearest;
import io.tuli.protocol.Durations;
import io.tuli.terminal.Shutdown;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The few moments in which a command is a client of a mesh: joined when opened, gone when closed or
 * when the process is told to go. Values are read and sent as payloads, so they need not be taken
 * apart only to be put together again.
 */
public final class Session implements AutoCloseable {

    /** Members announce their services again and again; a new client hears of all in this time. */
    private static final Duration HEARSAY = Duration.ofMillis(1_500);

    private static final Duration LEAVE = Duration.ofSeconds(1);
    private static final long POLL_NANOS = 2_000_000;

    private final Mesh mesh;
    private final Duration timeout;
    private final Shutdown.Registration registration;
    private boolean knowsWhoListens;

    private Session(Mesh mesh, Duration timeout, Shutdown shutdown) {
        this.mesh = mesh;
        this.timeout = timeout;
        this.registration = shutdown.on(() -> mesh.close(LEAVE));
    }

    /**
     * Joins as a client.
     *
     * @throws TuliException UNAVAILABLE where no server is found
     */
    public static Session open(Invocation tuli) {
        Duration timeout = tuli.timeout();
        String name = "tuli-cli-" + ProcessHandle.current().pid();
        Mesh mesh = tuli.client().group("cli").name(name).join();
        Session session = new Session(mesh, timeout, tuli.shutdown());
        if (!session.until(HEARSAY, session::isAmongServers)) {
            session.close();
            throw new TuliException(
                    Failure.UNAVAILABLE,
                    "no member of mesh "
                            + mesh.name()
                            + " was found; start one with `tuli serve <service>`, or say where"
                            + " others are with --peers host:port, or which mesh with --mesh");
        }
        return session;
    }

    private boolean isAmongServers() {
        return mesh.members().stream().anyMatch(Member::isServer);
    }

    public Mesh mesh() {
        return mesh;
    }

    /** A service to send to and to read keys of, without fetching its state. */
    public Service<Payload> sender(String service) {
        requireService(service);
        return mesh.use(
                ServiceConfig.of(service, Payload.class).withoutReplica().deadline(timeout));
    }

    /** A service whose state has been fetched and is kept up to date. */
    public Service<Payload> replica(String service) {
        requireService(service);
        Service<Payload> replica = mesh.use(service, Payload.class);
        replica.awaitSync(timeout);
        return replica;
    }

    /** Fails with NOT_FOUND, naming the nearest one, unless somebody serves it. */
    public void requireService(String service) {
        if (until(HEARSAY, () -> mesh.service(service).isPresent())) {
            return;
        }
        List<String> known = mesh.services().stream().map(ServiceDescription::name).toList();
        throw new TuliException(
                Failure.NOT_FOUND,
                "no service "
                        + service
                        + " in mesh "
                        + mesh.name()
                        + Nearest.question(service, known)
                        + (known.isEmpty()
                                ? ""
                                : " (there are: " + String.join(", ", known) + ")"));
    }

    /** Waits a moment for the links to all servers; who is not reached then is worth seeing. */
    public void awaitLinks() {
        until(
                HEARSAY,
                () ->
                        mesh.links().entrySet().stream()
                                .filter(link -> link.getKey().isServer())
                                .allMatch(link -> link.getValue() == LinkStatus.CONNECTED));
    }

    /** What all members know of a service. */
    public List<ServiceReport> reports(String service) {
        return mesh.reports(service, timeout);
    }

    /** Publishes, and tells how many subscribers have taken it. */
    public int publish(Service<?> service, String subject, Payload body) {
        if (!knowsWhoListens) {
            awaitLinks();
            learnWhoListens(service);
            knowsWhoListens = true;
        }
        return await(service.publish(subject, body.isNone() ? null : body, timeout));
    }

    /**
     * This member has only just joined. Others say who listens as soon as there is a link, and
     * before they say that they know of a listener here.
     */
    private void learnWhoListens(Service<?> service) {
        String unused = "tuli-cli." + mesh.self().id();
        try (EventFeed.Running here =
                service.events().subjects(unused).noEcho().each(event -> {})) {
            await(here.ready());
        }
    }

    /** Waits for a milestone of a call, a little longer than the call's own deadline. */
    public <V extends @Nullable Object> V await(CompletableFuture<V> milestone) {
        return await(milestone, timeout);
    }

    /** Waits for it so long, and a little longer. */
    public static <V extends @Nullable Object> V await(
            CompletableFuture<V> milestone, Duration timeout) {
        try {
            return milestone.get(timeout.toMillis() + 500, TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            throw new TuliException(Failure.TIMEOUT, "no answer in time: timeout=" + timeout);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new TuliException(Failure.CANCELLED, "interrupted while waiting for an answer");
        }
    }

    /** Waits for a condition that has no event of its own; answers whether it came true. */
    private boolean until(Duration within, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Durations.nanos(within);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    @Override
    public void close() {
        registration.close();
        mesh.close(LEAVE);
    }
}
