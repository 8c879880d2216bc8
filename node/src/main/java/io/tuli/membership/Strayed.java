package io.tuli.membership;

import io.tuli.handshake.Refusal;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where no member of this mesh was found, for a while: so that a stranger's beacon, which is
 * believed by nobody, does not hold up who founds the mesh. Forgets the oldest above a limit.
 * Thread-safe; time is a parameter.
 */
final class Strayed {

    private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long ABSENT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int ADDRESSES_MAX = 1_024;

    /** What will be the same in a moment. */
    private static final Set<Refusal> LASTING =
            EnumSet.of(
                    Refusal.SECRET,
                    Refusal.TOKEN,
                    Refusal.FOREIGN_MESH,
                    Refusal.VERSION,
                    Refusal.FEATURE,
                    Refusal.UNEXPECTED_MEMBER); // oneself, by another address

    private final Map<InetSocketAddress, Stay> stays = new LinkedHashMap<>();
    private boolean hasMetStrangers;

    private record Stay(boolean hasRefused, long untilNanos) {}

    /** Who was dialed there was none of us, or nobody. */
    synchronized void failed(InetSocketAddress address, @Nullable Refusal refusal, long nowNanos) {
        boolean isLasting = refusal != null && LASTING.contains(refusal);
        hasMetStrangers |= refusal == Refusal.SECRET || refusal == Refusal.TOKEN;
        stays.remove(address);
        if (stays.size() == ADDRESSES_MAX) {
            stays.remove(stays.keySet().iterator().next());
        }
        long nanos = isLasting ? REFUSED_NANOS : ABSENT_NANOS;
        stays.put(address, new Stay(isLasting, nowNanos + nanos));
    }

    /** One of us is there. */
    synchronized void met(InetSocketAddress address) {
        stays.remove(address);
    }

    /** Whether it is of no use to dial there. */
    boolean hasRefused(InetSocketAddress address, long nowNanos) {
        Stay stay = stay(address, nowNanos);
        return stay != null && stay.hasRefused();
    }

    /** Whether nobody is there whom a joining member should wait for. */
    boolean isLeftOut(InetSocketAddress address, long nowNanos) {
        return stay(address, nowNanos) != null;
    }

    private synchronized @Nullable Stay stay(InetSocketAddress address, long nowNanos) {
        Stay stay = stays.get(address);
        if (stay != null && nowNanos - stay.untilNanos() >= 0) {
            stays.remove(address);
            return null;
        }
        return stay;
    }

    /** Whether somebody was met who has another secret. */
    synchronized boolean hasMetStrangers() {
        return hasMetStrangers;
    }
}
