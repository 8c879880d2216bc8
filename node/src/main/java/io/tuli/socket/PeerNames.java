package io.tuli.socket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the peers are that a user named. A name may stand for many: all addresses of a host count,
 * as of a headless service of Kubernetes, and all that SRV records name. Names are asked for again
 * each time, for as long as the system does not remember them itself. Blocks while names are asked
 * for; any thread.
 */
public final class PeerNames {

    /** So many addresses are looked at, whatever names stand for. */
    public static final int ADDRESSES_MAX = 1_000;

    /** Names are asked for within that time at a look; the next one begins with those left out. */
    static final Duration LOOK_MOST = Duration.ofSeconds(4);

    /** How a text begins that names SRV records. */
    private static final String RECORDS = "srv:_";

    private static final Logger LOG = LoggerFactory.getLogger(PeerNames.class);

    private final List<InetSocketAddress> named;
    private final BiFunction<String, String, List<ServiceRecords.Target>> records;
    private final LongSupplier nanos;
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();

    /**
     * @param named each with a port; without one its host is that of SRV records, which have the
     *     ports: {@code name}, or {@code name@server:port} where another server than the system's
     *     is asked
     */
    public PeerNames(Collection<InetSocketAddress> named) {
        this(named, ServiceRecords::ask, System::nanoTime);
    }

    PeerNames(
            Collection<InetSocketAddress> named,
            BiFunction<String, String, List<ServiceRecords.Target>> records,
            LongSupplier nanos) {
        this.named = List.copyOf(named);
        this.records = records;
        this.nanos = nanos;
    }

    /**
     * What a checked text names: {@code host:port}, {@code srv:_name} or {@code
     * srv:_name@server:port}.
     */
    public static InetSocketAddress named(String text) {
        if (text.startsWith(RECORDS)) {
            return InetSocketAddress.createUnresolved(text.substring(RECORDS.length() - 1), 0);
        }
        int colon = text.lastIndexOf(':');
        return InetSocketAddress.createUnresolved(
                text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    /**
     * The addresses that the names have now, at most {@link #ADDRESSES_MAX}. Where servers of names
     * say nothing for long, some names are left for the next look.
     */
    public Set<InetSocketAddress> look() {
        Set<InetSocketAddress> found = new LinkedHashSet<>();
        long begun = nanos.getAsLong();
        int first = next.get();
        for (int asked = 0; asked < named.size(); asked++) {
            int index = (first + asked) % named.size();
            if (nanos.getAsLong() - begun > LOOK_MOST.toNanos()) {
                next.set(index);
                break;
            }
            InetSocketAddress each = named.get(index);
            int before = found.size();
            if (each.getPort() == 0) {
                lookUpRecords(each.getHostString(), found);
            } else {
                add(each.getHostString(), each.getPort(), found);
            }
            tellIfLost(each.getHostString(), found.size() == before);
        }
        return found;
    }

    private void lookUpRecords(String text, Set<InetSocketAddress> found) {
        int at = text.indexOf('@');
        String name = at < 0 ? text : text.substring(0, at);
        String server = at < 0 ? "" : text.substring(at + 1);
        for (ServiceRecords.Target target : records.apply(name, server)) {
            if (target.addresses().isEmpty()) {
                add(target.host(), target.port(), found);
            }
            target.addresses().forEach(host -> add(host, target.port(), found));
        }
    }

    private static void add(String host, int port, Set<InetSocketAddress> found) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (found.size() < ADDRESSES_MAX) {
                    found.add(new InetSocketAddress(address, port));
                }
            }
        } catch (UnknownHostException away) {
            LOG.debug("a peer's name has no address now: name={}", host);
        }
    }

    /** Said once, until it is there again: a name that is misspelt is never found. */
    private void tellIfLost(String name, boolean isLost) {
        if (!isLost) {
            lost.remove(name);
        } else if (lost.add(name)) {
            LOG.warn(
                    "a name of peers must stand for an address: it stands for none now, and is"
                            + " asked for again: name={}",
                    name);
        }
    }
}
