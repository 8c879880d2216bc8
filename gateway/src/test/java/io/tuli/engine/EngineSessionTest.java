package io.tuli.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The exchanges of GATEWAY 4, without a network. */
class EngineSessionTest {

    private static final long START = Long.MAX_VALUE - 3; // a clock may wrap round
    private static final EngineLimits LIMITS =
            new EngineLimits(
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(10),
                    1_000,
                    5,
                    1_000);

    private final List<String> messages = new ArrayList<>();
    private int closings;
    private final EngineSession session =
            new EngineSession(
                    "secret",
                    LIMITS,
                    new EngineSession.Listener() {
                        @Override
                        public void message(String text) {
                            if (text.equals("bad")) {
                                throw new IllegalArgumentException(text);
                            }
                            messages.add(text);
                        }

                        @Override
                        public void closed() {
                            closings++;
                        }
                    },
                    START);

    @Test
    void theHandshakeNamesSessionUpgradesHeartbeatAndLimit() {
        assertThat(session.handshake())
                .isEqualTo(
                        "0{\"sid\":\"secret\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,"
                                + "\"pingTimeout\":20000,\"maxPayload\":1000}");
    }

    @Test
    void aPollIsHeldUntilThereIsSomethingAndGetsAllThereIs() {
        HeldPoll early = poll();
        assertThat(early.answers).isEmpty();
        session.send(Packet.message("a"));
        assertThat(early.answers).containsExactly("4a");

        session.send(Packet.message("b"));
        session.send(Packet.message("c"));
        assertThat(poll().answers).containsExactly("4b\u001e4c");
    }

    @Test
    void aBodyOfAPollStaysBelowTheLimitUnlessOnePacketAloneIsLarger() {
        session.send(Packet.message("x".repeat(600)));
        session.send(Packet.message("y".repeat(390)));
        session.send(Packet.message("z".repeat(2_000)));

        assertThat(poll().answers.getFirst()).hasSize(601 + 1 + 391);
        assertThat(poll().answers.getFirst()).hasSize(2_001);
    }

    @Test
    void packetsOfAPostComeInTheirOrder() {
        assertThat(session.post("4a\u001e4b\u001e3\u001e6\u001e4€")).isTrue();

        assertThat(messages).containsExactly("a", "b", "€");
        assertThat(session.isClosed()).isFalse();
    }

    @Test
    void twoPollsAtOnceEndTheSessionAndBothAreAnswered() {
        HeldPoll first = poll();
        HeldPoll second = poll();

        assertThat(second.answers).containsExactly("400 BAD_REQUEST");
        assertThat(first.answers).containsExactly("1");
        assertThat(closings).isEqualTo(1);
        assertThat(poll().answers).containsExactly("400 SESSION_UNKNOWN");
        assertThat(session.post("4late")).isFalse();
        assertThat(messages).isEmpty();
    }

    @Test
    void whatIsNoPacketEndsTheSessionAndWhatFollowsInTheBodyIsNotTaken() {
        for (String bad : List.of("", "x", "9", "0", "2", "5", "1", "b64", "4bad", "\u001e")) {
            EngineSessionTest fresh = new EngineSessionTest();
            fresh.session.post(bad + "\u001e4after");

            assertThat(fresh.closings).as(bad).isEqualTo(1);
            assertThat(fresh.messages).as(bad).isEmpty();
        }
    }

    @Test
    void anUpgradeLetsAHeldPollGoAndThenTheSessionGoesOnOverTheWebSocket() {
        HeldPoll held = poll();
        OpenSocket socket = new OpenSocket();
        assertThat(session.probe(socket)).isTrue();
        session.received(socket, "2probe");
        assertThat(socket.sent).containsExactly("3probe");
        assertThat(held.answers).containsExactly("6");

        assertThat(poll().answers).as("while it probes").containsExactly("6");
        session.send(Packet.message("waits"));
        session.received(socket, "5");
        assertThat(socket.sent).containsExactly("3probe", "4waits");

        session.received(socket, "4over");
        assertThat(messages).containsExactly("over");
        assertThat(poll().answers).as("after it").containsExactly("400 BAD_REQUEST");
        assertThat(session.isClosed()).isFalse();
    }

    @Test
    void aSecondUpgradeIsRefusedAndAProbeThatTakesTooLongIsClosed() {
        OpenSocket first = new OpenSocket();
        session.probe(first);
        assertThat(session.probe(new OpenSocket())).isFalse();

        session.tick(START + TimeUnit.SECONDS.toNanos(10));
        assertThat(first.isClosed).isTrue();
        assertThat(session.isClosed()).isFalse();

        OpenSocket third = new OpenSocket();
        session.probe(third);
        session.received(third, "5");
        assertThat(session.probe(new OpenSocket())).isFalse();
        session.lost(first);
        assertThat(session.isClosed()).as("of what is not its own").isFalse();
    }

    @Test
    void aProbeThatSaysSomethingElseIsClosedAlone() {
        OpenSocket socket = new OpenSocket();
        session.probe(socket);
        session.received(socket, "4hello");

        assertThat(socket.isClosed).isTrue();
        assertThat(messages).isEmpty();
        assertThat(session.isClosed()).isFalse();
    }

    @Test
    void theServerPingsAndAPongKeepsTheSession() {
        OpenSocket socket = open();
        session.tick(START + TimeUnit.SECONDS.toNanos(25));
        assertThat(socket.sent).endsWith("2");
        session.received(socket, "3");
        session.tick(START + TimeUnit.SECONDS.toNanos(49));
        assertThat(socket.sent.stream().filter("2"::equals)).hasSize(1);

        session.tick(START + TimeUnit.SECONDS.toNanos(50));
        session.tick(START + TimeUnit.SECONDS.toNanos(69));
        assertThat(session.isClosed()).isFalse();
        session.tick(START + TimeUnit.SECONDS.toNanos(70));
        assertThat(session.isClosed()).isTrue();
        assertThat(socket.isClosed).isTrue();
    }

    @Test
    void aClientThatPollsNoMoreIsGoneAfterItsHeartbeat() {
        poll();
        session.tick(START + TimeUnit.SECONDS.toNanos(25));
        session.tick(START + TimeUnit.SECONDS.toNanos(45));

        assertThat(closings).isEqualTo(1);
    }

    @Test
    void aReaderThatStopsCostsABoundedAmountAndIsClosed() {
        OpenSocket socket = open();
        socket.hasRoom = false;
        int sent = socket.sent.size();
        for (int i = 0; i < LIMITS.unsentPackets(); i++) {
            session.send(Packet.message(String.valueOf(i)));
        }
        assertThat(session.isClosed()).isFalse();
        socket.hasRoom = true;
        session.flush();
        assertThat(socket.sent).hasSize(sent + LIMITS.unsentPackets());

        socket.hasRoom = false;
        session.send(Packet.message("x".repeat(50_000))); // one alone may be larger than the limit
        assertThat(session.isClosed()).isFalse();
        session.send(Packet.message("more"));
        assertThat(session.isClosed()).isTrue();
        assertThat(socket.isClosed).isTrue();
        assertThat(socket.sent).as("nothing with a gap").hasSize(sent + LIMITS.unsentPackets());
    }

    @Test
    void aPollWhoseConnectionBreaksEndsTheSession() {
        HeldPoll held = poll();
        session.lost(held);
        session.send(Packet.message("x"));

        assertThat(closings).isEqualTo(1);
        assertThat(held.answers).isEmpty();
    }

    @Test
    void whatWasSentBeforeTheEndGoesOut() {
        OpenSocket socket = open();
        session.send(Packet.message("41"));
        session.close();
        session.close();

        assertThat(socket.sent).endsWith("441");
        assertThat(socket.isClosed).isTrue();
        assertThat(closings).isEqualTo(1);
    }

    private OpenSocket open() {
        OpenSocket socket = new OpenSocket();
        session.open(socket);
        assertThat(socket.sent.getFirst()).startsWith("0{").contains("\"upgrades\":[]");
        return socket;
    }

    private HeldPoll poll() {
        HeldPoll poll = new HeldPoll();
        session.poll(poll);
        return poll;
    }

    private static final class HeldPoll implements EngineSession.Poll {
        private final List<String> answers = new ArrayList<>();

        @Override
        public void answer(byte[] body) {
            answers.add(new String(body, StandardCharsets.UTF_8));
        }

        @Override
        public void refuse(EngineRefusal refusal) {
            answers.add(refusal.status() + " " + refusal.name());
        }
    }

    private static final class OpenSocket implements EngineSession.Socket {
        private final List<String> sent = new ArrayList<>();
        private boolean hasRoom = true;
        private boolean isClosed;

        @Override
        public boolean hasRoom() {
            return hasRoom;
        }

        @Override
        public void send(Packet packet) {
            sent.add(packet.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            isClosed = true;
        }
    }
}
