package io.tuli.loop;

import io.tuli.Codec;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.service.LocalService;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reports for other members, which cost a walk over all partitions: one of a service is made at
 * most sixteen times a second, and whoever has asked before it is begun is told the same. A client
 * is told it four times a second. Thread-safe.
 */
final class SharedReports {

    static final int OF_A_SECOND = 16;
    static final int OF_A_CLIENT_A_SECOND = 4;

    /** So many a client may ask for at once. */
    static final int OF_A_CLIENT_AT_ONCE = 8;

    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(1) / OF_A_SECOND;
    private static final long SHARE_NANOS = TimeUnit.SECONDS.toNanos(1) / OF_A_CLIENT_A_SECOND;

    /** Of whom more is remembered, those that asked longest ago are forgotten. */
    private static final int ASKERS_MOST = 4_096;

    private final Reports reports;
    private final Codec codec;
    private final Map<Integer, Next> nexts = new HashMap<>();

    /** Up to when a client has had its share; those that asked last at the end. */
    private final Map<Asker, Long> sharedUntil = new LinkedHashMap<>(16, 0.75f, true);

    SharedReports(Reports reports, Codec codec) {
        this.reports = reports;
        this.codec = codec;
    }

    private record Asker(MemberId member, int service) implements Comparable<Asker> {
        @Override
        public int compareTo(Asker other) {
            int byMember = member.compareTo(other.member);
            return byMember == 0 ? Integer.compare(service, other.service) : byMember;
        }
    }

    /** The report of a service that is made next. */
    private static final class Next {
        final CompletableFuture<@Nullable Payload> made = new CompletableFuture<>();
        final long beginNanos;
        boolean hasBegun;

        Next(long beginNanos) {
            this.beginNanos = beginNanos;
        }
    }

    /** Counts a report for a client; where it is one too many, the rule. */
    synchronized @Nullable String take(MemberId client, LocalService service) {
        long now = System.nanoTime();
        Asker asker = new Asker(client, service.number());
        Long until = sharedUntil.get(asker);
        long from = until == null || until - now < 0 ? now : until;
        if (from - now > (OF_A_CLIENT_AT_ONCE - 1) * SHARE_NANOS) {
            return "a client gets so many reports of a service a second at most: reports="
                    + OF_A_CLIENT_A_SECOND;
        }
        sharedUntil.put(asker, from + SHARE_NANOS);
        if (sharedUntil.size() > ASKERS_MOST) {
            Iterator<Asker> eldest = sharedUntil.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return null;
    }

    /** A report that is begun after this; as bytes, for the other side to read. */
    CompletableFuture<@Nullable Payload> of(LocalService service) {
        Next next;
        synchronized (this) {
            long now = System.nanoTime();
            Next known = nexts.get(service.number());
            if (known != null && !known.hasBegun) {
                return known.made;
            }
            long soonest = known == null ? now : known.beginNanos + APART_NANOS;
            boolean isSoon = soonest - now > 0;
            next = new Next(isSoon ? soonest : now);
            nexts.put(service.number(), next);
            if (isSoon) {
                CompletableFuture.delayedExecutor(
                                next.beginNanos - now,
                                TimeUnit.NANOSECONDS,
                                Thread::startVirtualThread)
                        .execute(() -> begin(service, next));
                return next.made;
            }
        }
        begin(service, next);
        return next.made;
    }

    private void begin(LocalService service, Next next) {
        synchronized (this) {
            next.hasBegun = true;
        }
        reports.of(service)
                .whenComplete(
                        (report, failed) -> {
                            if (failed != null) {
                                next.made.completeExceptionally(failed);
                            } else {
                                made(next, report);
                            }
                        });
    }

    private void made(Next next, Object report) {
        try {
            next.made.complete(codec.encode(report));
        } catch (RuntimeException unwritable) {
            next.made.completeExceptionally(unwritable);
        }
    }
}
