package io.tuli.membership;

import io.tuli.MemberId;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for members on the local network, by multicast, and answers those who look. Thread-safe;
 * two virtual threads.
 *
 * <p>What is no {@link Hail} of this mesh costs the reading of 64 bytes. Answers go to where the
 * question came from, are as long as it, and at most ten a second: nobody is flooded by a forged
 * question.
 */
final class LocalNetwork implements AutoCloseable {

    static final int ANSWERS_PER_SECOND = 10;

    private static final Logger LOG = LoggerFactory.getLogger(LocalNetwork.class);

    /** Outside the range that belongs to source-specific multicast. */
    private static final String GROUP = "239.255.77.77";

    private static final int HOPS_MAX = 2;

    private static final long AGAIN_NANOS = 100_000_000L;

    /** In place of the port of who is reached nowhere, and so answers nobody. */
    static final int SEEKER = 1;

    /** Of each question. */
    private static final int FOUND_MAX = 256;

    private final DatagramSocket hearing;
    private final DatagramSocket speaking;
    private final InetSocketAddress group;
    private final long nameHash;
    private final MemberId self;
    private final int port;
    private final Consumer<InetSocketAddress> found;
    private final SecureRandom random = new SecureRandom();
    private volatile long nonce;
    private final AtomicInteger foundLeft = new AtomicInteger();
    private long windowNanos = System.nanoTime();
    private int answered;

    private LocalNetwork(
            DatagramSocket[] sockets,
            InetSocketAddress group,
            long nameHash,
            MemberId self,
            int port,
            Consumer<InetSocketAddress> found) {
        this.hearing = sockets[0];
        this.speaking = sockets[1];
        this.group = group;
        this.nameHash = nameHash;
        this.self = self;
        this.port = port;
        this.found = found;
    }

    /**
     * Begins to answer; null where this machine cannot.
     *
     * @param bind the address whose network it is, and on which this member is reached
     * @param found told where somebody says a member is; must not block
     */
    static @Nullable LocalNetwork open(
            InetSocketAddress bind,
            long nameHash,
            MemberId self,
            Consumer<InetSocketAddress> found) {
        DatagramSocket[] sockets = new DatagramSocket[2];
        try {
            InetSocketAddress group =
                    new InetSocketAddress(InetAddress.getByName(GROUP), Beacon.firstPort(nameHash));
            NetworkInterface network = NetworkInterface.getByInetAddress(bind.getAddress());
            sockets[0] = new DatagramSocket(null);
            sockets[0].setReuseAddress(true);
            sockets[0].bind(new InetSocketAddress(group.getPort()));
            sockets[0].joinGroup(group, network);
            sockets[1] = new DatagramSocket(new InetSocketAddress(bind.getAddress(), 0));
            sockets[1].setOption(StandardSocketOptions.IP_MULTICAST_IF, network);
            sockets[1].setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS_MAX);
            LocalNetwork opened =
                    new LocalNetwork(sockets, group, nameHash, self, bind.getPort(), found);
            Thread.ofVirtual().name("tuli-hails").start(() -> receive(sockets[0], opened::asked));
            Thread.ofVirtual()
                    .name("tuli-answers")
                    .start(() -> receive(sockets[1], opened::answered));
            return opened;
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "nobody is looked for on the local network, where multicast does not work:"
                            + " bind={} cause={}",
                    bind,
                    e.toString());
            closeAll(sockets);
            return null;
        }
    }

    /** Asks who is there. Does not wait. */
    void ask() {
        nonce = random.nextLong();
        foundLeft.set(FOUND_MAX);
        send(new Hail(false, port, nameHash, self, nonce), group);
    }

    private void send(Hail hail, InetSocketAddress to) {
        try {
            speaking.send(new DatagramPacket(hail.encode(), Hail.BYTES, to));
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("nothing could be sent to {}: {}", to, e.toString());
        }
    }

    /** What is done with each hail. */
    private interface Heard {
        void hail(Hail hail, InetSocketAddress from);
    }

    private static void receive(DatagramSocket socket, Heard heard) {
        byte[] bytes = new byte[Hail.BYTES + 1]; // one that is longer is none
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                socket.receive(packet);
                InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
                Hail.decode(bytes, packet.getLength()).ifPresent(hail -> heard.hail(hail, from));
            } catch (IOException e) {
                LOG.debug("nothing could be received: {}", e.toString());
                LockSupport.parkNanos(AGAIN_NANOS); // it may fail at once, again and again
            }
        }
    }

    private void asked(Hail question, InetSocketAddress from) {
        if (port != SEEKER && !question.isAnswer() && isOurs(question) && mayAnswer()) {
            send(new Hail(true, port, nameHash, self, question.nonce()), from);
        }
    }

    private boolean isOurs(Hail hail) {
        return hail.nameHash() == nameHash && !hail.member().equals(self);
    }

    /** By the thread that hears. */
    private boolean mayAnswer() {
        long now = System.nanoTime();
        if (now - windowNanos >= TimeUnit.SECONDS.toNanos(1)) {
            windowNanos = now;
            answered = 0;
        }
        return answered++ < ANSWERS_PER_SECOND;
    }

    private void answered(Hail answer, InetSocketAddress from) {
        boolean isWanted = answer.isAnswer() && isOurs(answer) && answer.nonce() == nonce;
        if (isWanted && foundLeft.getAndDecrement() > 0) {
            found.accept(new InetSocketAddress(from.getAddress(), answer.port()));
        }
    }

    @Override
    public void close() {
        closeAll(hearing, speaking);
    }

    private static void closeAll(@Nullable DatagramSocket... sockets) {
        for (DatagramSocket socket : sockets) {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
