package io.tuli.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The exchanges of GATEWAY 5, without a network. */
class SocketClientTest {

    private final TestClient test = new TestClient();

    @Test
    void aClientConnectsAsksAndIsAnsweredInAnyOrder() {
        test.receives("40", "420[\"find\",\"echo\",{\"a\":[1,{\"b\":null}]}]", "421[\"get\"]");
        answer(1, "[null,2]");
        answer(0, "[null,1]");

        assertThat(test.seen)
                .containsExactly(
                        "connecting / null",
                        "event / [find, echo, {a=[1, {b=null}]}]",
                        "event / [get]");
        assertThat(test.sent)
                .containsExactly("40{\"sid\":\"public\"}", "431[null,2]", "430[null,1]");
    }

    @Test
    void anAnswerIsSentOnceAndOnlyWhereOneIsWanted() {
        test.receives("40", "42[\"create\"]", "427[\"create\"]");
        answer(0, "[null]");
        answer(1, "[null]");
        answer(1, "[null]");

        assertThat(test.sent.subList(1, test.sent.size())).containsExactly("437[null]");
    }

    @Test
    void aPayloadIsHandedOnAndAnotherNamespaceIsRefusedAlone() {
        test.receives("40{\"token\":\"x\"}", "40/none,{\"token\":\"y\"}", "42[\"on\"]");

        assertThat(test.seen)
                .containsExactly(
                        "connecting / {token=x}", "connecting /none {token=y}", "event / [on]");
        assertThat(test.sent.getLast()).isEqualTo("44/none,{\"message\":\"Invalid namespace\"}");
    }

    @Test
    void aNamespaceOfItsOwnIsAServiceOfItsOwn() {
        test.receives("40/orders,", "42/orders,0[\"BUY\",{\"n\":1}]");
        answer(0, "[null,true]");

        assertThat(test.sent)
                .containsExactly("40/orders,{\"sid\":\"public\"}", "43/orders,0[null,true]");
        test.client.send("/orders", SocketClient.event("/orders", "bought", bytes("{\"n\":1}")));
        test.client.send("/", SocketClient.event("/", "todos created", bytes("{}")));
        assertThat(test.sent.getLast()).isEqualTo("42/orders,[\"bought\",{\"n\":1}]");
    }

    @Test
    void whatCannotBeEndsTheSession() {
        for (String bad :
                List.of(
                        "4",
                        "4x",
                        "43",
                        "44",
                        "45",
                        "451-[\"x\",{\"_placeholder\":true,\"num\":0}]",
                        "46",
                        "42",
                        "42{\"a\":1}",
                        "42[",
                        "42[\"get\"",
                        "42[]",
                        "42[5]",
                        "42[null]",
                        "421[\"connect\"]",
                        "42[\"disconnecting\"]",
                        "42" + "1".repeat(19) + "[\"get\"]",
                        "42[\"get\"," + "[".repeat(100) + "]".repeat(100) + "]",
                        "42/other,[\"get\"]",
                        "40",
                        "40/" + "n".repeat(200) + ",",
                        "40/other,{")) {
            TestClient fresh = new TestClient();
            fresh.receives("40", bad, "42[\"after\"]");

            assertThat(fresh.session.isClosed()).as(bad).isTrue();
            assertThat(fresh.seen).as(bad).doesNotContain("event / [after]").endsWith("closed");
        }
    }

    @Test
    void anEventBeforeAConnectEndsTheSession() {
        test.receives("42[\"get\"]");

        assertThat(test.seen).containsExactly("closed");
    }

    @Test
    void whatComesWhileItIsNotYetAcceptedWaitsAndIsBounded() {
        test.acceptsAtOnce = false;
        test.receives("40", "42[\"first\"]", "42[\"second\"]");
        assertThat(test.seen).containsExactly("connecting / null");
        test.client.accept("/", "public");
        assertThat(test.seen).endsWith("event / [first]", "event / [second]");

        TestClient greedy = new TestClient();
        greedy.acceptsAtOnce = false;
        greedy.receives("40");
        for (int i = 0; i < 100; i++) {
            greedy.receives("42[\"more\"]");
        }
        assertThat(greedy.session.isClosed()).isTrue();
    }

    @Test
    void disconnectEndsTheNamespaceAloneAndItsAnswersAreNotSent() {
        test.receives("40", "420[\"slow\"]", "41");
        answer(0, "[null,1]");

        assertThat(test.seen).endsWith("left /");
        assertThat(test.session.isClosed()).isFalse();
        assertThat(test.sent).hasSize(1);
        test.receives("40", "421[\"again\"]");
        assertThat(test.seen).endsWith("connecting / null", "event / [again]");
    }

    @Test
    void whoHasTooManyCallsOpenIsToldSo() {
        test.receives("40");
        IntStream.range(0, 5).forEach(i -> test.receives("42" + i + "[\"slow\"]"));
        assertThat(test.sent.subList(1, test.sent.size()))
                .containsExactly("433[\"too many\"]", "434[\"too many\"]");

        answer(0, "[null]");
        test.receives("425[\"slow\"]");
        assertThat(test.answers).hasSize(TestClient.OPEN_MAX + 1);
    }

    @Test
    void aSessionThatNeverConnectsEnds() {
        test.client.tick(44);
        assertThat(test.session.isClosed()).isFalse();
        test.client.tick(45);
        assertThat(test.session.isClosed()).isTrue();

        TestClient connected = new TestClient();
        connected.receives("40");
        connected.client.tick(1_000);
        assertThat(connected.session.isClosed()).isFalse();
    }

    @Test
    void disconnectedByTheServerItIsToldSo() {
        test.receives("40", "40/orders");
        test.client.disconnect();

        assertThat(test.sent.subList(2, 5))
                .containsExactlyInAnyOrder("41", "41/orders,", "closed")
                .endsWith("closed");
        assertThat(test.seen).contains("left /", "left /orders").endsWith("closed");
    }

    private void answer(int index, String json) {
        test.answers.get(index).send(bytes(json));
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
