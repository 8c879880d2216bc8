package io.tuli.membership;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.secret.SecretText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What carries the membership: connections that are dialed when they are needed. */
class ControlLinksTest {

    private static final String SECRET = SecretText.generate();

    private final String mesh = "links" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private End end(String name) {
        return end(name, "");
    }

    private End end(String name, String secret) {
        End end = new End(mesh, secret, Members.server(name));
        open.add(end);
        return end;
    }

    private Outlaw outlaw() {
        Outlaw outlaw = new Outlaw(mesh, "");
        open.add(outlaw);
        return outlaw;
    }

    @Test
    void theFirstMessageDialsAndArrivesInItsTurn() {
        for (String secret : List.of("", SECRET)) {
            End a = end("a", secret);
            End b = end("b", secret);
            for (int i = 0; i < 100; i++) {
                a.links.send(b.address(), ("word " + i).getBytes(UTF_8));
            }

            await().until(() -> b.heard.size() == 100);
            assertThat(b.heard).startsWith("word 0", "word 1").endsWith("word 99");
            b.links.send(a.address(), "answer".getBytes(UTF_8));
            await().until(() -> a.heard.contains("answer"));
        }
    }

    @Test
    void whatWaitsForAnAddressThatSwallowsAllIsLimited() {
        End a = end("a");
        Outlaw nobody = outlaw();
        nobody.dial(a.port());
        await().until(() -> nobody.channels.size() == 1);
        nobody.channel().config().setAutoRead(false);

        // It takes nothing: who sends is not held up, and what has no room is dropped.
        byte[] large = new byte[ControlLink.FRAME_BYTES_MAX];
        long begun = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            a.links.send(nobody.address(), large.clone());
        }
        assertThat(Sockets.millisSince(begun)).isLessThan(5_000);

        nobody.channel().config().setAutoRead(true);
        End b = end("b");
        a.links.send(b.address(), "still at it".getBytes(UTF_8));
        await().until(() -> b.heard.contains("still at it"));
        assertThat(nobody.heard.get()).isLessThan(150L * large.length);
    }

    @Test
    void aMessageThatIsTooLongIsNotSent() {
        End a = end("a");
        End b = end("b");
        a.links.send(b.address(), new byte[ControlLink.FRAME_BYTES_MAX + 1]);
        a.links.send(b.address(), "short".getBytes(UTF_8));

        await().until(() -> !b.heard.isEmpty());
        assertThat(b.heard).containsExactly("short");
    }

    @Test
    void whoSaysItWillSendTooMuchIsClosedBeforeItDoes() {
        End a = end("a");
        for (int length : new int[] {ControlLink.FRAME_BYTES_MAX + 1, -1, Integer.MIN_VALUE}) {
            Outlaw outlaw = outlaw();
            outlaw.dial(a.port());
            await().until(() -> outlaw.channels.size() == 1);
            outlaw.channel().writeAndFlush(outlaw.channel().alloc().buffer(4).writeInt(length));

            await().until(() -> !outlaw.channel().isOpen());
            await().until(() -> a.lost.contains(outlaw.self().id()));
        }
        assertThat(a.heard).isEmpty();
    }

    @Test
    void whoClosesWithoutAFarewellIsLostAndWhoSaysOneIsNot() {
        End a = end("a");
        End b = end("b");
        End c = end("c");
        b.links.send(a.address(), "b".getBytes(UTF_8));
        c.links.send(a.address(), "c".getBytes(UTF_8));
        await().until(() -> a.heard.size() == 2);

        c.links.close();
        b.links.crash();

        await().until(() -> a.lost.equals(List.of(b.self.id())));
        await().during(java.time.Duration.ofMillis(200))
                .until(() -> a.lost.equals(List.of(b.self.id())));
    }

    @Test
    void whoRefusesIsNotDialedAgain() {
        End a = end("a", SECRET);
        Outlaw stranger = outlaw();

        assertThat(a.links.reach(stranger.address()).join()).isFalse();

        await().until(() -> a.strayed.hasRefused(stranger.address(), System.nanoTime()));
        assertThat(a.strayed.hasMetStrangers()).isTrue();
        assertThat(a.links.reach(stranger.address()).join()).isFalse();
        assertThat(stranger.channels).isEmpty();
    }

    @Test
    void whoIsThereIsReached() {
        End a = end("a", SECRET);
        End b = end("b", SECRET);

        assertThat(a.links.reach(b.address()).join()).isTrue();
        assertThat(a.links.reach(b.address()).join()).isTrue();
    }

    @Test
    void membersThatDialEachOtherAtOnceHearEachOther() {
        for (int round = 0; round < 20; round++) {
            End a = end("a" + round);
            End b = end("b" + round);
            for (int i = 0; i < 20; i++) {
                a.links.send(b.address(), "to b".getBytes(UTF_8));
                b.links.send(a.address(), "to a".getBytes(UTF_8));
            }
            await().until(() -> a.heard.size() == 20 && b.heard.size() == 20);
            assertThat(a.lost).isEmpty();
            assertThat(b.lost).isEmpty();
        }
    }

    @Test
    void connectionsToThoseWhoAreGoneAreClosedWhenTheyAreSilent() {
        End a = end("a");
        End b = end("b");
        a.links.send(b.address(), "hello".getBytes(UTF_8));
        await().until(() -> b.heard.size() == 1);

        a.links.retain(List.of(b.address()));
        a.links.retain(List.of());
        b.links.send(a.address(), "just heard, so it stays".getBytes(UTF_8));
        await().until(() -> a.heard.size() == 1);
        assertThat(a.links.count()).isEqualTo(1);

        await().untilAsserted(
                        () -> {
                            a.links.retain(List.of());
                            assertThat(a.links.count()).isZero();
                        });
        assertThat(b.lost).isEmpty();
    }

    /** One end, with nothing above it. */
    private static final class End implements ControlLinks.Ears, AutoCloseable {

        final Member self;
        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<MemberId> lost = new CopyOnWriteArrayList<>();
        final Strayed strayed = new Strayed();
        final ControlLinks links;
        private final Seat seat;

        End(String mesh, String secret, Member self) {
            this.self = self;
            this.seat = Seat.of(MembershipConfig.of(mesh), secret, self);
            this.links = new ControlLinks(seat.transport().controlPort(), self.id(), strayed, this);
            links.open();
        }

        int port() {
            return seat.port();
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
        }

        @Override
        public void heard(ControlLink from, byte[] frame) {
            heard.add(new String(frame, UTF_8));
        }

        @Override
        public void lost(MemberId peer) {
            lost.add(peer);
        }

        @Override
        public void close() {
            links.close();
            seat.close();
        }
    }
}
