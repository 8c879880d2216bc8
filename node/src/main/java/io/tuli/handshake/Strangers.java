package io.tuli.handshake;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connections that have not said yet who they are: at most so many in total, and fewer from one
 * address. When one more comes the oldest must go, because a member is done in milliseconds and
 * whoever has lingered is none. Any thread; a lock, because it is no hot path.
 */
public final class Strangers {

    public static final int TOTAL_MAX = 64;

    /** Of one address; those of this machine are limited by the total only. */
    static final int PER_ADDRESS_MAX = 8;

    private final Map<Channel, InetAddress> byAge = new LinkedHashMap<>();

    /** Lets one in and answers who must go for it, if anybody. */
    public synchronized @Nullable Channel enter(Channel channel) {
        InetAddress address = addressOf(channel);
        Channel oldest = oldestToGo(address);
        if (oldest != null) {
            byAge.remove(oldest);
        }
        byAge.put(channel, address);
        return oldest;
    }

    private @Nullable Channel oldestToGo(InetAddress address) {
        Channel oldestOfAddress = null;
        int ofAddress = 0;
        for (Map.Entry<Channel, InetAddress> entry : byAge.entrySet()) {
            if (entry.getValue().equals(address)) {
                oldestOfAddress = oldestOfAddress == null ? entry.getKey() : oldestOfAddress;
                ofAddress++;
            }
        }
        if (!address.isLoopbackAddress() && ofAddress >= PER_ADDRESS_MAX) {
            return oldestOfAddress;
        }
        return byAge.size() >= TOTAL_MAX ? byAge.keySet().iterator().next() : null;
    }

    private static InetAddress addressOf(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress inet
                ? inet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /** It has become known, or has gone. */
    public synchronized void leave(Channel channel) {
        byAge.remove(channel);
    }

    public synchronized List<Channel> all() {
        return List.copyOf(byAge.keySet());
    }
}
