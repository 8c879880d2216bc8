package io.tuli.socket;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Turns host names into addresses without holding up a loop. */
public final class Addresses {

    private Addresses() {}

    /**
     * Resolves a host, and tells the outcome on the executor; at once where the host is an address
     * already.
     */
    public static void resolve(
            String host,
            int port,
            Executor loop,
            Consumer<InetSocketAddress> found,
            Consumer<String> failed) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            loop.execute(() -> found.accept(addressOf(host, literal, port)));
            return;
        }
        // Ends with the system's resolver, which has its own timeout.
        Thread.ofVirtual()
                .name("tuli-resolve-" + host)
                .start(() -> lookUp(host, port, loop, found, failed));
    }

    private static void lookUp(
            String host,
            int port,
            Executor loop,
            Consumer<InetSocketAddress> found,
            Consumer<String> failed) {
        try {
            InetAddress address = InetAddress.getByName(host);
            loop.execute(() -> found.accept(new InetSocketAddress(address, port)));
        } catch (UnknownHostException e) {
            loop.execute(() -> failed.accept("the host is unknown: " + host));
        }
    }

    private static InetSocketAddress addressOf(String host, byte[] literal, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(host, literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes: " + host, e);
        }
    }
}
