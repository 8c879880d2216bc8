package io.tuli.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.Offer;
import io.tuli.handshake.Refused;
import io.tuli.membership.ControlChannel;
import io.tuli.membership.ControlMessage;
import io.tuli.protocol.Frame;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server's member hears of clients, and what clients are told. */
class RosterTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Member SELF = member(1, Member.Role.SERVER);
    private static final Member OTHER = member(2, Member.Role.SERVER);
    private static final Member CLIENT = member(10, Member.Role.CLIENT);
    private static final Frame.Uses ASKS =
            new Frame.Uses(Payload.opaque(new ControlMessage.Ask().encode()));

    private final Group group = new Group();
    private final Wires wires = new Wires();
    private final Heard heard = new Heard();
    private final ClientsChannel channel =
            new ClientsChannel(group, wires, SELF, Duration.ofMillis(50));

    RosterTest() {
        channel.connect(heard);
        group.events.viewed(List.of(SELF, OTHER));
    }

    @AfterEach
    void close() {
        channel.close();
    }

    private static Member member(long number, Member.Role role) {
        return new Member(new MemberId(number, number), "m" + number, role, "127.0.0.1", 1);
    }

    private static byte[] announcement(long version, String service) {
        Offer offer = new Offer(service, 256, true, false, "digest");
        return new ControlMessage.Announce(new Announcement(version, List.of(offer)), true)
                .encode();
    }

    @Test
    void aClientIsAMemberFromItsFirstWordUntilItsLinkIsGoneForAWhile() {
        channel.used(CLIENT, false, ASKS);
        assertThat(heard.views.getLast()).containsExactly(SELF, OTHER, CLIENT);

        channel.linkDown(CLIENT.id());
        channel.used(CLIENT, false, ASKS);
        channel.linkDown(CLIENT.id());
        await().atMost(SOON).until(() -> heard.views.getLast().equals(List.of(SELF, OTHER)));
    }

    @Test
    void aClientIsToldOfServersAndAnOperatorOfAll() {
        Member operator = member(11, Member.Role.CLIENT);
        group.events.received(OTHER.id(), announcement(1, "things"));
        channel.used(CLIENT, false, ASKS);
        channel.used(operator, true, ASKS);

        assertThat(wires.view(CLIENT)).containsExactly(SELF, OTHER);
        await().atMost(SOON)
                .until(() -> wires.view(operator).equals(List.of(SELF, OTHER, CLIENT, operator)));
        assertThat(wires.of(CLIENT).stream().filter(RosterMessage.Relayed.class::isInstance))
                .hasSize(1);
    }

    @Test
    void whatAServerRepeatsIsPassedOnOnce() {
        channel.used(CLIENT, false, ASKS);
        for (int i = 0; i < 10; i++) {
            group.events.received(OTHER.id(), announcement(3, "things"));
        }
        group.events.received(OTHER.id(), announcement(4, "others"));
        await().atMost(SOON).until(() -> wires.lastRelayed(CLIENT) == 4);
        assertThat(wires.of(CLIENT).stream().filter(RosterMessage.Relayed.class::isInstance))
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aHundredChangesAreAFewRosters() {
        channel.used(CLIENT, false, ASKS);
        for (int i = 0; i < 100; i++) {
            group.events.viewed(List.of(SELF, member(100 + i, Member.Role.SERVER)));
        }
        await().atMost(SOON)
                .until(() -> wires.view(CLIENT).contains(member(199, Member.Role.SERVER)));
        assertThat(wires.of(CLIENT)).hasSizeLessThan(8);
    }

    @Test
    void aThousandClientsAreNoNewsToClients() {
        channel.used(CLIENT, false, ASKS);
        int before = wires.of(CLIENT).size();
        IntStream.range(0, 1_000)
                .mapToObj(i -> member(1_000 + i, Member.Role.CLIENT))
                .forEach(each -> channel.used(each, false, ASKS));
        assertThat(heard.views.getLast()).hasSize(1_003);
        assertThat(wires.of(CLIENT)).hasSize(before);
    }

    @Test
    void whatTheMemberSaysToAClientGoesOverItsLink() {
        channel.used(CLIENT, false, ASKS);
        byte[] said = announcement(1, "mine");
        channel.sendToAll(said);
        channel.send(CLIENT.id(), said);
        channel.send(OTHER.id(), said);
        assertThat(group.toAll).hasSize(1);
        assertThat(group.sent).containsExactly(OTHER.id());
        assertThat(wires.of(CLIENT).stream().filter(RosterMessage.Said.class::isInstance))
                .hasSize(2);
    }

    @Test
    void garbageOfAClientIsTheMembershipsToJudge() {
        channel.used(CLIENT, false, new Frame.Uses(Payload.opaque(new byte[] {9, 9, 9})));
        channel.used(CLIENT, false, new Frame.Uses(Payload.NONE));
        assertThat(heard.messages).hasSize(2);
        assertThat(heard.views.getLast()).contains(CLIENT);
    }

    /** Servers, without JGroups. */
    private static final class Group implements ControlChannel {
        private final List<byte[]> toAll = new ArrayList<>();
        private final List<MemberId> sent = new ArrayList<>();
        private Events events;

        @Override
        public void connect(Events listener) {
            events = listener;
        }

        @Override
        public void send(MemberId to, byte[] message) {
            sent.add(to);
        }

        @Override
        public void sendToAll(byte[] message) {
            toAll.add(message);
        }

        @Override
        public void close() {}
    }

    /** What went over links. */
    private static final class Wires implements RosterLinks {
        private final Map<MemberId, List<RosterMessage>> sent = new ConcurrentHashMap<>();

        @Override
        public void send(MemberId to, Frame.OfMembership frame) {
            sent.computeIfAbsent(to, none -> new CopyOnWriteArrayList<>())
                    .add(RosterMessage.decode(frame.content()));
        }

        @Override
        public void reach(InetSocketAddress where, Consumer<Optional<Refused>> done) {
            throw new AssertionError("a server reaches nobody");
        }

        List<RosterMessage> of(Member member) {
            return sent.getOrDefault(member.id(), List.of());
        }

        List<Member> view(Member member) {
            List<Member> last = List.of();
            for (RosterMessage message : of(member)) {
                last = message instanceof RosterMessage.View view ? view.members() : last;
            }
            return last;
        }

        long lastRelayed(Member member) {
            long last = -1;
            for (RosterMessage message : of(member)) {
                if (message instanceof RosterMessage.Relayed relayed
                        && ControlMessage.decode(relayed.message())
                                instanceof ControlMessage.Announce said) {
                    last = said.announcement().version();
                }
            }
            return last;
        }
    }

    private static final class Heard implements ControlChannel.Events {
        private final List<List<Member>> views = new CopyOnWriteArrayList<>();
        private final List<byte[]> messages = new CopyOnWriteArrayList<>();

        @Override
        public void viewed(List<Member> members) {
            views.add(members);
        }

        @Override
        public void received(MemberId from, byte[] message) {
            messages.add(message);
        }
    }
}
