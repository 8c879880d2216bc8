package io.tuli.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A beacon that cannot accept does not try again at once. */
class PatientSocketTest {

    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void acceptingThatFailsIsTriedOnceASecond() throws Exception {
        Failing socket = new Failing();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        long before = System.nanoTime();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(socket::accept).hasMessage("Too many open files");
        }
        long nanos = System.nanoTime() - before;
        socket.close();

        assertThat(nanos).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_900));
    }

    @Test
    void closingEndsThePauseAtOnce() throws Exception {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            fastest = Math.min(fastest, nanosOfAPauseThatCloses());
        }

        assertThat(fastest).isLessThan(TimeUnit.MILLISECONDS.toNanos(900));
    }

    private long nanosOfAPauseThatCloses() throws Exception {
        tries.set(0);
        Failing socket = new Failing();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        long before = System.nanoTime();
        Thread closer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    Awaitility.await().until(() -> tries.get() == 1);
                                    close(socket);
                                });

        assertThatThrownBy(socket::accept).hasMessage("Too many open files");
        closer.join();
        return System.nanoTime() - before;
    }

    private static void close(PatientSocket socket) {
        try {
            socket.close();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private final class Failing extends PatientSocket {

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
