package io.tuli.transport;

import io.tuli.access.Access;
import io.tuli.handshake.Audit;
import io.tuli.protocol.Durations;
import io.tuli.secret.Credentials;
import io.tuli.secret.Keyring;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether credentials have changed, and dials links anew that were made under others: one by
 * one, so that there is never more than one of a member's links on its way. Each ends only when the
 * new one has come, or when twice the time for all is over. A connection of the membership says
 * good-bye, and is dialed when there is something to say. On a thread of its own, which is there
 * only where credentials or rules are in files.
 */
final class Renewal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

    private final Keyring keyring;
    private final Access access;
    private final String name;
    private final Links links;
    private final Dialer dialer;
    private final ControlPort controlPort;
    private volatile @Nullable ScheduledExecutorService thread;
    private long changedNanos;

    Renewal(TransportConfig config, Links links, Dialer dialer, ControlPort controlPort) {
        this.keyring = config.keyring();
        this.access = config.access();
        this.name = "tuli-keys-" + config.self().name();
        this.links = links;
        this.dialer = dialer;
        this.controlPort = controlPort;
    }

    void start() {
        Duration look = keyring.look().isPositive() ? keyring.look() : access.look();
        if (look.isPositive()) {
            long nanos = Durations.nanos(look);
            ScheduledExecutorService started =
                    Executors.newSingleThreadScheduledExecutor(
                            Thread.ofPlatform().name(name).daemon().factory());
            started.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
            thread = started;
        }
    }

    private void look() {
        try {
            if (access.changes()) {
                links.all().forEach(Link::lookAtRights);
            }
            if (keyring.look().isPositive()) {
                if (keyring.changes()) {
                    changedNanos = System.nanoTime();
                }
                renew(System.nanoTime() - changedNanos);
                links.all().stream()
                        .filter(link -> link.proven().isRevokedIn(keyring.current()))
                        .forEach(Renewal::end);
            }
        } catch (RuntimeException failed) {
            LOG.error("Links could not be renewed; they will be at the next look", failed);
        }
    }

    /** Dials as many as are due until the next look, so that all are done in time. */
    private void renew(long sinceNanos) {
        Credentials now = keyring.current();
        List<Link> old = links.all().stream().filter(link -> !link.proven().isIn(now)).toList();
        long periodNanos = Durations.nanos(keyring.renewal());
        if (sinceNanos >= 2 * periodNanos) {
            old.forEach(Renewal::end);
            controlPort.renew(now, Integer.MAX_VALUE);
            return;
        }
        controlPort.renew(now, 1);
        List<Link> ours = old.stream().filter(Link::isDialer).toList();
        long lookNanos = Durations.nanos(keyring.look());
        long looksLeft = Math.max(1, (periodNanos - sinceNanos) / lookNanos);
        int due = (int) Math.ceilDiv(ours.size(), looksLeft);
        for (int i = 0; i < due; i++) {
            Link link = ours.get(i);
            later(() -> dialer.renew(link.peerId()), lookNanos * i / due);
        }
    }

    private static void end(Link link) {
        link.audit(Audit.Kind.EXPIRE, "what was proven does not count any more");
        link.close("what was proven on it does not count any more");
    }

    private void later(Runnable task, long nanos) {
        ScheduledExecutorService running = thread;
        if (running != null && !running.isShutdown()) {
            running.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        ScheduledExecutorService running = thread;
        if (running != null) {
            running.shutdownNow();
        }
    }
}
