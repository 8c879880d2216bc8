package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.tuli.Member;
import io.tuli.handshake.Refusal;
import io.tuli.membership.Sighting.Standing;
import io.tuli.secret.SecretText;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.junit.jupiter.api.Test;

/** G1: what a holder of the secret can do to a membership, and what one without it cannot. */
class LinkTransportTest extends Sockets {

    private static final AtomicInteger READ = new AtomicInteger();

    /** Tells that it was made of bytes. */
    static final class Trap implements Serializable {
        @Serial private static final long serialVersionUID = 1;

        @Serial
        private void readObject(ObjectInputStream in) {
            READ.incrementAndGet();
        }
    }

    private final String secret = SecretText.generate();
    private final Member self = Members.server("a");

    private static Address address(Member member, int port) {
        return MemberAddress.of(
                member, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private Address here() {
        return address(self, open.getFirst().port());
    }

    private Outlaw outlawAt(String itsSecret) {
        Outlaw outlaw = new Outlaw(mesh, itsSecret);
        outlaw.dial(open.getFirst().port());
        return outlaw;
    }

    private void othersStillJoin(Membership a) {
        join(MembershipConfig.of(mesh), secret, Members.server("late"));
        await().until(() -> a.roster().members().size() == 2);
    }

    @Test
    void aSerializedObjectLoadsNoClass() throws Exception {
        Membership a = join(MembershipConfig.of(mesh), secret, self);
        try (Outlaw outlaw = outlawAt(secret)) {
            await().until(() -> outlaw.channels.size() == 1);
            Address from = address(outlaw.self(), outlaw.port());
            for (Message each :
                    List.of(
                            new ObjectMessage(here(), new Trap()),
                            new ObjectMessage(here(), new Trap()).setFlag(Message.Flag.OOB),
                            new ObjectMessage(null, new Trap()))) {
                outlaw.say(each.setSrc(from));
            }
            othersStillJoin(a);
        }
        assertThat(READ).hasValue(0);
    }

    @Test
    void aLengthTakesNoRoomBeforeItsBytesAreThere() throws Exception {
        Membership a = join(MembershipConfig.of(mesh), secret, self);
        try (Outlaw outlaw = outlawAt(secret)) {
            await().until(() -> outlaw.channels.size() == 1);
            Message small =
                    new BytesMessage(here(), new byte[1])
                            .setSrc(address(outlaw.self(), outlaw.port()));
            byte[] hostile = written(small);
            ByteBuffer.wrap(hostile).putInt(hostile.length - 1 - Integer.BYTES, 512 << 20);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getTotalThreadAllocatedBytes();
            for (int i = 0; i < 10; i++) {
                outlaw.say(hostile.clone());
            }
            othersStillJoin(a);
            assertThat(threads.getTotalThreadAllocatedBytes() - before).isLessThan(512L << 20);
        }
    }

    private static byte[] written(Message message) throws Exception {
        org.jgroups.util.ByteArrayDataOutputStream out =
                new org.jgroups.util.ByteArrayDataOutputStream(200);
        org.jgroups.util.Util.writeMessage(message, out, false);
        return java.util.Arrays.copyOf(out.buffer(), out.position());
    }

    @Test
    void whoSpeaksForAnotherIsPutOut() throws Exception {
        Membership a = join(MembershipConfig.of(mesh), secret, self);
        for (Address claimed : new Address[] {here(), address(Members.server("x"), 1), null}) {
            try (Outlaw outlaw = outlawAt(secret)) {
                await().until(() -> outlaw.channels.size() == 1);
                outlaw.say(new EmptyMessage(here()).setSrc(claimed));

                await().until(() -> !outlaw.channel().isOpen());
            }
        }
        othersStillJoin(a);
    }

    @Test
    void whoHasNoSecretOrAnotherSaysNothingToTheMembership() {
        Membership a = join(MembershipConfig.of(mesh), secret, self);
        for (String itsSecret : List.of("", SecretText.generate())) {
            try (Outlaw outlaw = outlawAt(itsSecret)) {
                await().until(() -> outlaw.refusals.contains(Refusal.SECRET));
                assertThat(outlaw.channels).isEmpty();
            }
        }
        othersStillJoin(a);
    }

    @Test
    void anyBytesOfAMemberAreHeardOrRefused() throws Exception {
        Membership a = join(MembershipConfig.of(mesh), secret, self);
        try (Outlaw outlaw = outlawAt(secret)) {
            await().until(() -> outlaw.channels.size() == 1);
            byte[] message =
                    written(
                            new BytesMessage(here(), new byte[] {1, 2, 3})
                                    .setSrc(address(outlaw.self(), outlaw.port())));
            for (int at = 0; at < message.length; at++) {
                byte[] changed = message.clone();
                changed[at] ^= (byte) 0xff;
                if (!outlaw.channel().isActive()) {
                    int before = outlaw.channels.size();
                    outlaw.dial(open.getFirst().port());
                    await().until(() -> outlaw.channels.size() > before);
                }
                outlaw.say(changed);
            }
            othersStillJoin(a);
        }
    }

    /** Long before it would be missed for its silence. */
    @Test
    void aMemberThatDiesIsSuspectedAtOnce() throws Exception {
        MembershipConfig patient =
                MembershipConfig.of(mesh)
                        .timings(
                                MembershipTimings.defaults()
                                        .suspecting(
                                                Duration.ofSeconds(1),
                                                Duration.ofSeconds(30),
                                                Duration.ofMillis(500)));
        Membership a = join(patient, secret, self);
        try (LoneMember lone = LoneMember.start(mesh, secret, "lone")) {
            await().until(() -> a.roster().members().size() == 2);
            long begun = System.nanoTime();
            lone.kill();
            await().until(() -> a.roster().members().size() == 1);
            System.out.printf("gone after %.0f ms%n", millisSince(begun));
        }
    }

    @Test
    void aStrangersBeaconHoldsUpNobody() throws Exception {
        MembershipConfig config = MembershipConfig.of(mesh);
        InetAddress here = config.bind();
        int first = Beacon.firstPort(config.nameHash());
        join(MembershipConfig.of(mesh + "-warm"), secret, Members.server("warm"));
        try (Outlaw stranger = new Outlaw(mesh, "");
                Beacon claims = lit(here, first, stranger, Standing.CLAIMING);
                Beacon leads = lit(here, first, stranger, Standing.COORDINATOR)) {
            assertThat(claims).isNotSameAs(leads);
            long begun = System.nanoTime();
            Membership a = join(config, secret, self);

            assertThat(millisSince(begun)).isLessThan(2_000);
            assertThat(a.roster().members()).containsExactly(self);
        }
    }

    private static Beacon lit(InetAddress here, int first, Outlaw whose, Standing standing) {
        Member member = Members.server("stranger");
        Beacon lit =
                Beacon.light(
                        here,
                        first,
                        () ->
                                new Sighting(
                                        MembershipConfig.of(whose.mesh()).nameHash(),
                                        member.id(),
                                        true,
                                        whose.port(),
                                        standing));
        assertThat(lit).isNotNull();
        return lit;
    }
}
