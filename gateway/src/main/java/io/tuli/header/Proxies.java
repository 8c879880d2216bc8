package io.tuli.header;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those whose word counts for who a client is: of no others a header that names one is looked at.
 * Immutable.
 */
public final class Proxies {

    /** Nobody's word counts. */
    public static final Proxies NONE = new Proxies(List.of());

    private static final String FORWARDED = "X-Forwarded-For";
    private static final int NAMED_MAX = 32;

    private final List<Range> ranges;

    /** Addresses that begin with the same bits. */
    private record Range(byte[] network, int bits) {

        boolean has(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            int whole = bits / Byte.SIZE;
            for (int at = 0; at < whole; at++) {
                if (address[at] != network[at]) {
                    return false;
                }
            }
            int mask = 0xff00 >> (bits % Byte.SIZE);
            return bits % Byte.SIZE == 0
                    || (address[whole] & mask & 0xff) == (network[whole] & mask & 0xff);
        }
    }

    private Proxies(List<Range> ranges) {
        this.ranges = ranges;
    }

    /**
     * These.
     *
     * @param texts each an address, or a range as {@code 10.0.0.0/8}
     */
    public static Proxies of(Collection<String> texts) {
        List<Range> ranges = new ArrayList<>();
        for (String text : texts) {
            int slash = text.indexOf('/');
            byte[] network = bytes(slash < 0 ? text : text.substring(0, slash));
            int bits = network == null ? -1 : network.length * Byte.SIZE;
            int said = slash < 0 ? bits : number(text.substring(slash + 1));
            Require.argument(
                    network != null && said >= 0 && said <= bits,
                    "a proxy is an address or a range, as 10.0.0.0/8",
                    Excerpt.of(text));
            ranges.add(new Range(java.util.Objects.requireNonNull(network), said));
        }
        return new Proxies(List.copyOf(ranges));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    private static byte @Nullable [] bytes(String address) {
        boolean isAddress =
                NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address);
        try {
            return isAddress ? InetAddress.getByName(address).getAddress() : null;
        } catch (UnknownHostException none) {
            return null;
        }
    }

    /** Whether an address is one of them. */
    public boolean has(String address) {
        byte[] bytes = ranges.isEmpty() ? null : bytes(address);
        return bytes != null && ranges.stream().anyMatch(range -> range.has(bytes));
    }

    /**
     * Who has sent a request: the other end, unless that is a proxy; then the last one that proxies
     * name, and that is none of them.
     *
     * @param peer address of the other end
     */
    public String clientOf(String peer, HttpHeaders headers) {
        if (!has(peer)) {
            return peer;
        }
        String[] named = String.join(",", headers.getAll(FORWARDED)).split(",");
        String client = peer;
        for (int at = named.length - 1; at >= Math.max(0, named.length - NAMED_MAX); at--) {
            String address = plain(named[at].strip());
            byte[] bytes = bytes(address);
            if (bytes == null) {
                return client;
            }
            client = address;
            if (!has(address)) {
                return client;
            }
        }
        return client;
    }

    /** Without a port, and without brackets. */
    private static String plain(String named) {
        if (named.startsWith("[")) {
            int end = named.indexOf(']');
            return end < 0 ? named : named.substring(1, end);
        }
        int colon = named.indexOf(':');
        boolean isWithPort = colon > 0 && named.indexOf(':', colon + 1) < 0;
        return isWithPort ? named.substring(0, colon) : named;
    }
}
