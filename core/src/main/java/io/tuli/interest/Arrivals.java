package io.tuli.interest;

import io.tuli.MemberId;
import io.tuli.protocol.Route;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of others' publications has arrived: tells what is missing, and what was there before. It
 * remembers those it heard of last. One thread.
 */
final class Arrivals {

    private static final int SENDERS_MAX = 4_096;

    /** Nobody counts further at once, whatever a sender says. */
    private static final long MISSING_MAX = 1_000_000_000;

    private final Map<Sender, Counter> senders = new Latest<>();
    private final Map<MemberId, Counter> relayed = new Latest<>();

    // Frames come in bursts from one sender.
    private @Nullable Sender latest;
    private Counter ofLatest = new Counter();

    private record Sender(MemberId member, int service) {}

    /** A number; what comes next, or what came last. */
    private static final class Counter {
        private long number;
    }

    /** How many frames of a sender are missing before this one. */
    long missing(MemberId from, int service, long sequence) {
        Counter expected = of(from, service);
        // One that counts from the beginning has forgotten this member, and knows it anew.
        long missing = sequence < expected.number ? sequence : sequence - expected.number;
        expected.number = sequence + 1;
        return Math.min(missing, MISSING_MAX);
    }

    private Counter of(MemberId from, int service) {
        Sender known = latest;
        if (known == null || known.service != service || !known.member.equals(from)) {
            known = new Sender(from, service);
            latest = known;
            ofLatest = senders.computeIfAbsent(known, sender -> new Counter());
        }
        return ofLatest;
    }

    /**
     * Whether it is new here: while a client changes its home, both may relay to it. In order of
     * who published it, so a straggler does not count.
     */
    boolean isNew(Route.Origin origin) {
        Counter last = relayed.computeIfAbsent(origin.member(), member -> new Counter());
        if (origin.number() <= last.number) {
            return false;
        }
        last.number = origin.number();
        return true;
    }

    /** Forgets who was heard of longest ago. */
    private static final class Latest<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1;

        Latest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > SENDERS_MAX;
        }
    }
}
