package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.blocks.cs.TcpServer;
import org.jgroups.util.DefaultSocketFactory;
import org.junit.jupiter.api.Test;

/** A control port that cannot accept does not try again at once. */
class PatientSocketsTest {

    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void acceptingThatFailsIsTriedOnceASecond() throws Exception {
        DefaultSocketFactory sockets =
                new DefaultSocketFactory() {
                    @Override
                    public ServerSocket createServerSocket(String service) throws IOException {
                        return new Failing();
                    }
                };
        TcpServer server =
                new TcpServer(
                        new org.jgroups.util.DefaultThreadFactory("test", true),
                        sockets,
                        InetAddress.getLoopbackAddress(),
                        0,
                        0,
                        null,
                        0,
                        0,
                        "test");
        long before = System.nanoTime();

        server.start();
        org.awaitility.Awaitility.await().until(() -> tries.get() >= 3);
        long nanos = System.nanoTime() - before;
        server.stop();

        assertThat(nanos).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_900));
    }

    @Test
    void closingEndsThePauseAtOnce() throws Exception {
        Failing socket = new Failing();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        long before = System.nanoTime();
        Thread closer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    org.awaitility.Awaitility.await().until(() -> tries.get() == 1);
                                    close(socket);
                                });

        assertThatThrownBy(socket::accept).hasMessage("Too many open files");
        closer.join();

        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(900));
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private final class Failing extends PatientSockets.Patient {

        private Failing() throws IOException {
            super("a port");
        }

        @Override
        Socket acceptOne() throws IOException {
            tries.incrementAndGet();
            throw new SocketException("Too many open files");
        }
    }
}
