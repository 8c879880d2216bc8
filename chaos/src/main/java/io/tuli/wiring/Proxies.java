package io.tuli.wiring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * A loopback address of its own for each place, and a proxy in this process that all connections
 * from there to others go through: it needs no rights, but addresses such as 127.77.0.1, which
 * Linux has from the start. During a split the proxies hold back what was sent to the other side,
 * as a network does whose packets are sent again until they arrive.
 */
public final class Proxies implements Network {

    private static final String SUBNET = "127.77.0.";
    private static final int FIRST_PORT = 10_000;
    private static final int PORTS = 8_000;
    private static final int TRIES_MAX = 50;

    private final int peers;
    private final int port;
    private final Switchboard switchboard;
    private final List<SocksProxy> proxies = new ArrayList<>();

    private Proxies(int places, int peers) throws IOException {
        this.peers = peers;
        this.port = freePort(places);
        this.switchboard = new Switchboard(places);
        for (int place = 1; place <= places; place++) {
            proxies.add(new SocksProxy(place, switchboard, Proxies::placeOf));
        }
    }

    /**
     * Starts the proxies.
     *
     * @param places numbered from 1
     * @param peers how many of them, from the first, are told to all as addresses of others
     */
    public static Proxies make(int places, int peers) {
        try {
            return new Proxies(places, peers);
        } catch (IOException e) {
            throw new WiringException("the proxies could not be started: " + e.getMessage());
        }
    }

    private static int freePort(int places) {
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            if (IntStream.rangeClosed(1, places).allMatch(place -> isFree(place, port))) {
                return port;
            }
        }
        throw new WiringException("no free port on the addresses " + SUBNET + "1 to " + places);
    }

    private static boolean isFree(int place, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(SUBNET + place, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** The place that has this address; 0 if none has. */
    private static int placeOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.getHostAddress().startsWith(SUBNET) ? bytes[3] & 0xff : 0;
    }

    @Override
    public String description() {
        return "a proxy in this process for each of " + SUBNET + "1 to " + SUBNET + proxies.size();
    }

    @Override
    public List<String> prefix(int place) {
        return List.of();
    }

    @Override
    public List<String> options(int place) {
        List<String> options = new ArrayList<>(new Addresses(SUBNET, port).options(place, peers));
        options.add("-DsocksProxyHost=127.0.0.1");
        options.add("-DsocksProxyPort=" + proxies.get(place - 1).port());
        options.add("-DsocksNonProxyHosts=");
        return options;
    }

    @Override
    public void split(List<Set<Integer>> sides) {
        switchboard.split(sides);
    }

    @Override
    public void heal() {
        switchboard.heal();
    }

    @Override
    public void close() {
        switchboard.heal();
        proxies.forEach(SocksProxy::close);
    }
}
