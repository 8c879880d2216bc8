package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tuli.MemberId;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class LocalNetworkTest {

    private static final Hail HAIL = new Hail(false, 7_000, 5, new MemberId(3, 4), 9);

    private final long hash = ThreadLocalRandom.current().nextLong();
    private final List<InetSocketAddress> found = new CopyOnWriteArrayList<>();

    @Test
    void aHailIsReadAsItWasWrittenAndNothingElseIs() {
        byte[] bytes = HAIL.encode();
        assertThat(bytes).hasSize(64);
        assertThat(Hail.decode(bytes, 64)).contains(HAIL);

        assertThat(Hail.decode(bytes, 63)).isEmpty();
        assertThat(Hail.decode(Arrays.copyOf(bytes, 65), 65)).isEmpty();
        assertThat(Hail.decode(bytes, 0)).isEmpty();
        for (int at : new int[] {0, 4, 5, 40, 63}) {
            byte[] changed = bytes.clone();
            changed[at] = (byte) (changed[at] + 2);
            assertThat(Hail.decode(changed, 64)).as("at=%s", at).isEmpty();
        }
        byte[] nowhere = new Hail(true, 0, 5, new MemberId(3, 4), 9).encode();
        assertThat(Hail.decode(nowhere, 64)).isEmpty();
    }

    @Test
    void answersAreAsLongAsQuestionsAndFew() throws IOException {
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_000);
        LocalNetwork network = LocalNetwork.open(here, hash, new MemberId(1, 1), found::add);
        assumeTrue(network != null, "multicast cannot be joined here");
        try (network;
                DatagramSocket crowd = new DatagramSocket(0, here.getAddress())) {
            byte[] question = new Hail(false, 1, hash, new MemberId(2, 2), 3).encode();
            InetSocketAddress to = new InetSocketAddress(here.getAddress(), Beacon.firstPort(hash));
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 500; i++) {
                crowd.send(new DatagramPacket(question, question.length, to));
                byte[] noise = new byte[random.nextInt(1_000)];
                random.nextBytes(noise);
                crowd.send(new DatagramPacket(noise, noise.length, to));
            }
            long answered = answers(crowd);
            // What is asked within two of its seconds.
            assertThat(answered).isBetween(1L, 2L * LocalNetwork.ANSWERS_PER_SECOND);
        }
        assertThat(found).isEmpty();
    }

    private static long answers(DatagramSocket crowd) throws IOException {
        crowd.setSoTimeout(500);
        byte[] bytes = new byte[2_000];
        long count = 0;
        while (true) {
            try {
                DatagramPacket answer = new DatagramPacket(bytes, bytes.length);
                crowd.receive(answer);
                Optional<Hail> hail = Hail.decode(bytes, answer.getLength());
                assertThat(hail).map(Hail::isAnswer).contains(true);
                assertThat(hail).map(Hail::nonce).contains(3L);
                count++;
            } catch (SocketTimeoutException quiet) {
                return count;
            }
        }
    }

    @Test
    void membersOfOneNetworkFindEachOther() throws IOException {
        InetAddress outside = outside().orElse(null);
        assumeTrue(outside != null, "this machine has no network with multicast");
        InetSocketAddress one = new InetSocketAddress(outside, 7_001);
        InetSocketAddress other = new InetSocketAddress(outside, 7_002);
        try (LocalNetwork asking = LocalNetwork.open(one, hash, new MemberId(1, 1), found::add);
                LocalNetwork there = LocalNetwork.open(other, hash, new MemberId(2, 2), w -> {});
                LocalNetwork foreign =
                        LocalNetwork.open(other, hash + 190, new MemberId(3, 3), w -> {})) {
            assertThat(there).isNotNull();
            assertThat(foreign).isNotNull();
            asking.ask();
            await().until(() -> !found.isEmpty());
        }
        assertThat(found).containsExactly(other);
    }

    private static Optional<InetAddress> outside() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(LocalNetworkTest::hasMulticast)
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
                .findFirst();
    }

    private static boolean hasMulticast(NetworkInterface network) {
        try {
            return network.isUp() && network.supportsMulticast();
        } catch (SocketException e) {
            return false;
        }
    }
}
