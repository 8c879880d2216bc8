package io.tuli.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is written down is bounded, and what is left out is counted. */
class AuditTest {

    private static final SocketAddress HERE = address(127, 0, 0, 1);
    private static final SocketAddress SAME = address(127, 0, 0, 1);
    private static final SocketAddress THERE = address(127, 0, 0, 2);

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final Audit audit = new Audit(lines::add, nanos::get);

    private void note(int times, SocketAddress address) {
        for (int i = 0; i < times; i++) {
            audit.note(Audit.Kind.DENY, "client/web", address, "verb=update");
        }
    }

    @Test
    void aLineSaysWhatWhoAndFromWhere() {
        note(1, HERE);
        assertThat(lines).containsExactly("kind=DENY who=client/web address=127.0.0.1 verb=update");
    }

    @Test
    void tenLinesASecondOfAKindAndAddressThenACount() {
        note(25, HERE);
        note(1, SAME);
        assertThat(lines).hasSize(10);
        note(1, THERE);
        audit.note(Audit.Kind.JOIN, "client/web", HERE, "dialed");
        assertThat(lines).hasSize(12);

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        note(1, HERE);
        assertThat(lines.getLast()).endsWith("verb=update (and 16 more before)");
        note(1, HERE);
        assertThat(lines.getLast()).endsWith("verb=update");
    }

    @Test
    void thousandsOfAddressesAreNotAllRemembered() {
        for (int i = 0; i < 10_000; i++) {
            note(1, address(10, 0, i >> 8, i));
        }
        assertThat(audit.remembered()).isEqualTo(1_024);
    }

    private static SocketAddress address(int... bytes) {
        byte[] four = new byte[bytes.length];
        for (int i = 0; i < four.length; i++) {
            four[i] = (byte) bytes[i];
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(four), 1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
