package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Commit;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Partitioner;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Verbs;
import io.tuli.codec.JsonDocuments;
import io.tuli.log.Changelog;
import io.tuli.log.Documents;
import io.tuli.log.SourceMark;
import io.tuli.member.PartitionRouter;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Host;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Task;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is thrown while a request is decided, by whomever, fails that request alone. */
class RequestWallTest {

    private static final int SOURCE = 77;
    private static final MemberId SELF = new MemberId(1, 1);
    private static final MemberId CALLER = new MemberId(9, 9);
    private static final ServiceSpec SERVICE =
            new ServiceSpec(ServiceSpec.numberOf("s"), "s", 1, true, Partitioner.TOP_LEVEL);

    private final SpokenEffects spoken = new SpokenEffects(this::log);
    private final PartitionRouter core =
            new PartitionRouter(
                    SELF,
                    Limits.defaults(),
                    throwing(new JsonDocuments()),
                    new Effects(spoken, new ThrowingHost(), spoken));
    private long calls;

    /** Documents in which nothing can be done with what says "evil". */
    private static Documents throwing(Documents documents) {
        return (Documents)
                Proxy.newProxyInstance(
                        Documents.class.getClassLoader(),
                        new Class<?>[] {Documents.class},
                        (proxy, method, arguments) -> {
                            if (Arrays.toString(arguments).contains("evil")) {
                                throw new AssertionError("evil documents");
                            }
                            try {
                                return method.invoke(documents, arguments);
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        });
    }

    /** A host whose handlers throw on request. */
    private final class ThrowingHost implements Host {

        @Override
        public long wallMillis() {
            return spoken.wallMillis();
        }

        @Override
        public @Nullable Decision decide(Task task) {
            return switch (task.request().verb()) {
                case "EXCEPTION" -> throw new IllegalStateException("out of order");
                case "ERROR" -> throw new NoClassDefFoundError("gone");
                case "DEEP" -> throw new StackOverflowError();
                case "MUTE" -> throw new Mute();
                default -> spoken.decide(task);
            };
        }
    }

    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not even that");
        }
    }

    @BeforeEach
    void own() {
        core.open(SERVICE, partition -> true, partition -> new SharedState());
        core.step(new Input.RingChanged(SERVICE.number(), Ring.of(1, List.of(SELF), List.of())), 1);
        spoken.taken();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXCEPTION", "ERROR", "DEEP", "MUTE"})
    void whatAHandlerThrowsFailsItsRequest(String verb) {
        ask(verb, "k", Payload.NONE);

        assertThat(spoken.taken()).containsExactly("-> M9 result 1 FAILED HANDLER_FAILED");
        nextIsAnswered("k");
    }

    @Test
    void whatIsThrownWhereAVerbDecidesOrItsEditIsMadeFailsTheRequest() {
        ask(Verbs.UPDATE, "k.b", Payload.json("\"evil\""));
        ask(Verbs.UPDATE, "k.a", Payload.json("\"evil\""));
        ask(Verbs.PATCH, "k", Payload.json("{\"a\":\"evil\",\"b\":1}"));

        assertThat(spoken.taken())
                .containsExactly(
                        "-> M9 result 1 FAILED HANDLER_FAILED",
                        "-> M9 result 2 FAILED HANDLER_FAILED",
                        "-> M9 result 3 FAILED HANDLER_FAILED");
        nextIsAnswered("k");
    }

    @Test
    void aLateDecisionThatCannotBeMadeFailsAndTheNextOfItsKeyRuns() {
        spoken.slow();
        ask("X", "k", Payload.NONE);
        ask("Y", "k", Payload.NONE);
        spoken.taken();
        spoken.quick();

        Decision.Stream stream = new Decision.Stream() {};
        Edit evil = Edit.update(Key.of("k"), Payload.json("\"evil\""));
        core.step(decided(1, new Decision.Done(List.of(evil), List.of(), Payload.NONE, stream)), 1);

        assertThat(spoken.taken())
                .containsExactly(
                        "discards a stream",
                        "-> M9 result 1 FAILED HANDLER_FAILED",
                        "-> M9 result 2 FAILED METHOD_NOT_ALLOWED");
        nextIsAnswered("k");
    }

    @Test
    void aRepeatOfWhatWasThrownOutIsDecidedAnew() {
        ask("EXCEPTION", "k", Payload.NONE, 7);
        ask(Verbs.UPDATE, "k", Payload.json("1"), 7);

        assertThat(spoken.taken())
                .containsExactly(
                        "-> M9 result 1 FAILED HANDLER_FAILED",
                        "applied 1.M1:2 M9-7 update k 1",
                        "-> M9 result 2 OK at 1.M1:2 copies 1");
    }

    @Test
    void aFoldThatFailsIsLeftOutToldAndConsumed() {
        fold(1, Verbs.UPDATE, "k", "\"evil\"");
        fold(2, "ERROR", "k", "1");
        fold(4, Verbs.UPDATE, "k", "[1]");
        fold(5, Verbs.UPDATE, "k.7", "1");
        fold(6, Verbs.PUSH, "k", "2");

        assertThat(spoken.taken())
                .filteredOn(line -> !line.startsWith("applied"))
                .containsExactly(
                        "leaves out update k: HANDLER_FAILED",
                        "leaves out ERROR k: HANDLER_FAILED",
                        "leaves out update k.7: CONFLICT");
        assertThat(log().endOffset()).isEqualTo(6);
        assertThat(log().at(5).edits())
                .containsExactly(new Edit(Edit.Kind.PUSH, Key.of("k"), Payload.json("2")));
        nextIsAnswered("k");
    }

    @Test
    void aFoldWhoseDocumentIsTooLargeIsLeftOut() {
        Limits limits = Limits.defaults();
        String large = "\"" + "x".repeat(2 * limits.messageBytes()) + "\"";

        fold(1, Verbs.UPDATE, "k", large);
        fold(2, Verbs.UPDATE, "k", "2");

        assertThat(spoken.taken()).first().isEqualTo("leaves out update k: TOO_LARGE");
        assertThat(log().at(2).edits())
                .containsExactly(Edit.update(Key.of("k"), Payload.json("2")));
    }

    // ---- one partition, owned by this member ---------------------------------------------------

    private void nextIsAnswered(String key) {
        long end = log().endOffset();
        spoken.taken();

        ask(Verbs.UPDATE, key, Payload.json("1"));

        assertThat(spoken.taken()).hasSize(2).last().asString().contains("OK");
        assertThat(log().endOffset()).isEqualTo(end + 1);
    }

    /** It would look like a document that a merge has brought, and nothing could recognise it. */
    @Test
    void aRequestWithoutAnIdIsRefused() {
        long end = log().endOffset();

        Frame.Request request = request(1, RequestId.NONE, Verbs.UPDATE, "k", Payload.json("1"));
        core.step(new Input.Received(CALLER, request), 1);
        core.flush(1);

        assertThat(spoken.taken()).last().asString().contains("FAILED BAD_REQUEST");
        assertThat(log().endOffset()).isEqualTo(end);
    }

    private void ask(String verb, String key, Payload body) {
        ask(verb, key, body, calls + 1);
    }

    private void ask(String verb, String key, Payload body, long id) {
        calls++;
        Frame.Request request = request(calls, new RequestId(9, id), verb, key, body);
        core.step(new Input.Received(CALLER, request), 1);
        core.flush(1);
    }

    private void fold(int offset, String verb, String key, String body) {
        Frame.Request request = request(0, RequestId.NONE, verb, key, Payload.json(body));
        RequestId id = new RequestId(8, offset);
        SourceMark mark =
                new SourceMark(SOURCE, 0, new LogPosition(new Epoch(1, 1), offset), SourceMark.ALL);
        core.step(new Input.Folded(request.named(id), List.of(mark)), 1);
        core.flush(1);
    }

    private static Frame.Request request(
            long call, RequestId id, String verb, String key, Payload body) {
        return new Frame.Request(
                SERVICE.number(),
                0,
                call,
                id,
                0,
                20_000,
                Commit.safe(),
                verb,
                Key.parse(key),
                body,
                Collections.emptySortedMap());
    }

    private static Input.Decided decided(int task, Decision decision) {
        return new Input.Decided(SERVICE.number(), 0, (1L << 32) + task, decision);
    }

    private Changelog log() {
        return core.replica(SERVICE.number(), 0).log();
    }
}
