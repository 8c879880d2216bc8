package io.tuli.membership;

import io.tuli.socket.PatientSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the members of a mesh on one machine find each other without multicast, files or
 * configuration: each listens on the first free of 64 ports that follow from the mesh's name, tells
 * whoever connects who it is and hangs up. Nothing is read. Thread-safe; one virtual thread.
 *
 * <p>A port that belongs to another program, or to another mesh whose name leads to the same 64,
 * hurts nobody. A 65th member has no beacon: it finds the others, and they find it once it has
 * joined one of them.
 */
final class Beacon implements AutoCloseable {

    /** How many ports a mesh has on one address. */
    static final int PORTS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Beacon.class);

    /** Below the ports that operating systems give to outgoing connections (32768 on Linux). */
    private static final int FIRST_PORT = 20_000;

    private static final int RANGES = 190;
    private static final int BACKLOG = 64;
    private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

    private final ServerSocket socket;
    private final Supplier<Sighting> words;
    private final Thread thread;

    private Beacon(ServerSocket socket, Supplier<Sighting> words) {
        this.socket = socket;
        this.words = words;
        this.thread = Thread.ofVirtual().name("tuli-beacon").unstarted(this::answerAll);
    }

    /** The first of the 64 ports of a mesh. */
    static int firstPort(long nameHash) {
        return FIRST_PORT + (int) Long.remainderUnsigned(nameHash, RANGES) * PORTS;
    }

    /** Lights a beacon; null if no port is free. */
    static @Nullable Beacon light(InetAddress bind, int firstPort, Supplier<Sighting> words) {
        for (int port = firstPort; port < firstPort + PORTS; port++) {
            ServerSocket socket = bound(bind, port);
            if (socket != null) {
                Beacon beacon = new Beacon(socket, words);
                beacon.thread.start();
                return beacon;
            }
        }
        LOG.warn("no port for a beacon: all of {}..{} are taken", firstPort, firstPort + PORTS - 1);
        return null;
    }

    private static @Nullable ServerSocket bound(InetAddress bind, int port) {
        ServerSocket socket = null;
        try {
            socket = new PatientSocket("the beacon");
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(new InetSocketAddress(bind, port), BACKLOG);
            return socket;
        } catch (IOException e) {
            closeQuietly(socket);
            return null;
        }
    }

    /** The port it listens on. */
    int port() {
        return socket.getLocalPort();
    }

    private void answerAll() {
        while (!socket.isClosed()) {
            try (Socket caller = socket.accept()) {
                caller.getOutputStream().write(words.get().encode().array());
            } catch (IOException e) {
                LOG.trace("a caller of the beacon on {} went away: {}", port(), e.toString());
            }
        }
    }

    /** Its port is free when this returns. */
    @Override
    public void close() {
        closeQuietly(socket);
        try {
            if (!thread.join(CLOSE_TIME)) {
                LOG.warn("the beacon on {} did not go out in {}", port(), CLOSE_TIME);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(@Nullable ServerSocket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            LOG.debug("a beacon's socket did not close: {}", e.toString());
        }
    }
}
