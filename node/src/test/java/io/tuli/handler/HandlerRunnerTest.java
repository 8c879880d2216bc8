package io.tuli.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Commit;
import io.tuli.Edit;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.MeshEvent;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.codec.JsonCodec;
import io.tuli.log.Extras;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Task;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-10")
class HandlerRunnerTest {
    private static final Duration SLOW = Duration.ofSeconds(30);

    private final TestHost host = new TestHost();
    private @Nullable HandlerRunner<Object> runner;

    @AfterEach
    void everyThreadEnds() {
        if (runner != null) {
            assertThat(runner.close(Duration.ofSeconds(10))).isTrue();
        }
        host.close();
    }

    // ---- where it runs -------------------------------------------------------------------------

    @Test
    void inlineHandlerDecidesAtOnceOnTheLoop() {
        AtomicReference<String> thread = new AtomicReference<>();

        Decision decision =
                decide(
                        inline(
                                (message, turn) -> {
                                    thread.set(Thread.currentThread().getName());
                                    return message.body(Integer.class) + 1;
                                }));

        assertThat(decision).isEqualTo(Decision.Done.reply(Payload.json("42")));
        assertThat(thread).hasValue("test-loop");
        assertThat(host.told).isEmpty();
    }

    @Test
    void otherHandlersRunOnVirtualThreadsAndAreToldOf() {
        AtomicReference<String> thread = new AtomicReference<>();

        Decision decision =
                decide(
                        blocking(
                                (message, turn) -> {
                                    thread.set(Thread.currentThread().toString());
                                    return "done";
                                }));

        assertThat(decision).isNull();
        assertThat(host.next())
                .isEqualTo(new TestHost.Told(5, 3, 7, Decision.Done.reply(json("'done'"))));
        assertThat(thread.get()).startsWith("VirtualThread").contains("tuli-handler-s-");
        await().until(() -> runner.running() == 0);
    }

    @Test
    void onlyDeclaredVerbsAreInline() {
        HandlerRunner<Object> mixed =
                runner(
                        config((message, turn) -> message.verb()).inline("QUICK"),
                        Limits.defaults());

        assertThat(decide(mixed, task("QUICK", "k", json("1")))).isNotNull();
        assertThat(decide(mixed, task("LONG", "k", json("1")))).isNull();
        assertThat(host.next().decision()).isEqualTo(Decision.Done.reply(json("'LONG'")));
    }

    // ---- what it answers -----------------------------------------------------------------------

    @Test
    void valueIsTheReply() {
        assertThat(reply((message, turn) -> null)).isEqualTo(Payload.NONE);
        assertThat(reply((message, turn) -> false)).isEqualTo(json("false"));
        assertThat(reply((message, turn) -> List.of(1, 2))).isEqualTo(json("[1,2]"));
        assertThat(reply((message, turn) -> Set.of("a"))).isEqualTo(json("['a']"));
        assertThat(reply((message, turn) -> new byte[] {1}))
                .isEqualTo(Payload.opaque(new byte[] {1}));
    }

    @Test
    void passLeavesItToTheBuiltInVerbs() {
        assertThat(decide(inline((message, turn) -> turn.pass()))).isEqualTo(new Decision.Pass());
    }

    @Test
    void turnThatHasDecidedCannotPass() {
        Decision decision =
                decide(
                        inline(
                                (message, turn) -> {
                                    turn.update(1);
                                    return turn.pass();
                                }));

        assertFails(decision, Failure.HANDLER_FAILED, "cannot pass: edits=1");
    }

    @Test
    @Tag("PT-41")
    void eventsAreDecidedWithTheEdits() {
        Decision decision =
                decide(
                        inline(
                                (message, turn) -> {
                                    turn.event("made", "it");
                                    turn.update(1);
                                    turn.event("gone", null);
                                    return "done";
                                }));

        assertThat(decision)
                .isEqualTo(
                        new Decision.Done(
                                List.of(Edit.update(Key.of("k"), json("1"))),
                                List.of(),
                                List.of(
                                        new Extras.Event("made", json("'it'")),
                                        new Extras.Event("gone", Payload.NONE)),
                                json("'done'"),
                                null,
                                Extensions.UNSAID));
    }

    @Test
    @Tag("PT-41")
    void anEventTooManyOrWithANameThatCannotBeIsRefusedThereAndThen() {
        assertFails(
                decide(
                        inline(
                                (message, turn) -> {
                                    for (int i = 0; i <= 64; i++) {
                                        turn.event("e", i);
                                    }
                                    return "never";
                                })),
                Failure.TOO_LARGE,
                "at most 64 events");
        for (String name : List.of("", "$x", "\ud800")) {
            assertFails(decide(telling(name)), Failure.BAD_REQUEST, "event");
        }
        assertFails(decide(telling("\u20ac".repeat(34))), Failure.TOO_LARGE, "at most 100 bytes");
        assertThat(decide(telling("\u20ac".repeat(33)))).isInstanceOf(Decision.Done.class);
    }

    @Test
    @Tag("PT-41")
    void eventsThatAreMoreThanATurnMayDecideAreRefused() {
        assertFails(
                decide(
                        inline(
                                (message, turn) -> {
                                    String half = "x".repeat(Limits.defaults().messageBytes() / 2);
                                    turn.event("a", half);
                                    turn.event("b", half);
                                    return "never";
                                })),
                Failure.TOO_LARGE,
                "message.bytes");
    }

    @Test
    void aTurnThatHasToldAnEventCannotPass() {
        Decision decision =
                decide(
                        inline(
                                (message, turn) -> {
                                    turn.event("e", 1);
                                    return turn.pass();
                                }));

        assertFails(decision, Failure.HANDLER_FAILED, "events=1");
    }

    private HandlerRunner<Object> telling(String name) {
        return inline(
                (message, turn) -> {
                    turn.event(name, 1);
                    return "told";
                });
    }

    @Test
    void stageAnswersWhenItCompletes() {
        CompletableFuture<String> later = new CompletableFuture<>();
        AtomicReference<Turn<Object>> held = new AtomicReference<>();

        assertThat(decide(inline((message, turn) -> keep(held, turn, later)))).isNull();
        assertThat(host.told).isEmpty();
        held.get().update("late");
        later.complete("done");

        assertThat(host.next().decision())
                .isEqualTo(
                        new Decision.Done(
                                List.of(Edit.update(Key.of("k"), json("'late'"))),
                                List.of(),
                                json("'done'"),
                                null));
        assertThatThrownBy(() -> held.get().update("too late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a turn is over");
    }

    @Test
    void completedStageAnswersAtOnce() {
        assertThat(reply((message, turn) -> CompletableFuture.completedFuture(1)))
                .isEqualTo(json("1"));
        assertThat(
                        decide(
                                inline(
                                        (message, turn) ->
                                                CompletableFuture.completedFuture(turn.pass()))))
                .isEqualTo(new Decision.Pass());
    }

    @Test
    void failedStageFails() {
        CompletableFuture<String> refused =
                CompletableFuture.failedFuture(
                        new CompletionException(
                                new TuliException(Failure.NOT_FOUND, "no such user")));

        assertFails(decide(inline((m, t) -> refused)), Failure.NOT_FOUND, "no such user");
    }

    @Test
    void severalRepliesAreAStream() {
        Decision decision =
                decide(
                        inline(
                                (message, turn) -> {
                                    turn.reply(1);
                                    turn.reply("two");
                                    return 3;
                                }));

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Done.class,
                        done ->
                                assertThat(((ReplySource) done.stream()).ready())
                                        .containsExactly(json("1"), json("'two'"), json("3")));
    }

    @Test
    void oneReplyIsTheReply() {
        assertThat(
                        reply(
                                (message, turn) -> {
                                    turn.reply(1);
                                    return null;
                                }))
                .isEqualTo(json("1"));
    }

    @Test
    void streamPublisherAndIteratorAreStreams() {
        Flow.Publisher<Integer> publisher = subscriber -> {};
        List<Object> streams =
                List.of(Stream.of(1), IntStream.of(1), publisher, List.of(1).iterator());

        assertThat(streams)
                .allSatisfy(
                        stream ->
                                assertThat(decide(inline((message, turn) -> stream)))
                                        .isInstanceOfSatisfying(
                                                Decision.Done.class,
                                                done -> assertThat(done.stream()).isNotNull()));
    }

    // ---- what goes wrong -----------------------------------------------------------------------

    @Test
    void refusalKeepsItsFailure() {
        Handler<Object> refusing =
                (message, turn) -> {
                    turn.update(1);
                    throw new TuliException(Outcome.UNKNOWN, Failure.CONFLICT, "taken");
                };

        assertFails(decide(inline(refusing)), Failure.CONFLICT, "taken");
        assertThat(failures()).isEmpty();
    }

    @Test
    @Tag("B11")
    void anythingElseThrownFailsItsCallOnly() {
        Handler<Object> throwing =
                (message, turn) -> {
                    throw new java.io.IOException("disk");
                };
        Handler<Object> endless = (message, turn) -> depth(1);
        Handler<Object> erring =
                (message, turn) -> {
                    throw new NoClassDefFoundError("gone");
                };

        assertFails(decide(inline(throwing)), Failure.HANDLER_FAILED, "java.io.IOException: disk");
        assertFails(decide(inline(endless)), Failure.HANDLER_FAILED, "StackOverflowError");
        assertThat(decide(blocking(erring))).isNull();
        assertFails(host.next().decision(), Failure.HANDLER_FAILED, "NoClassDefFoundError: gone");
        assertThat(failures()).hasSize(3).allMatch(event -> event.subject().equals("s/3"));
    }

    @Test
    void answerThatCannotBeWrittenFails() {
        assertFails(
                decide(inline((message, turn) -> Double.NaN)),
                Failure.HANDLER_FAILED,
                "answer cannot be sent: JSON has no NaN");
        assertFails(
                decide(inline((message, turn) -> new byte[2_000_000])),
                Failure.TOO_LARGE,
                "message.bytes=1048576");
    }

    @Test
    void bytesThatAreNoJsonNeverReachTheHandler() {
        HandlerRunner<Object> echo = inline((message, turn) -> message.body(Object.class));

        assertFails(
                decide(echo, task("X", "k", Payload.json("{\"a\":"))),
                Failure.BAD_REQUEST,
                "one valid JSON text");
        assertFails(
                decide(echo, task("X", "k" + ".a".repeat(70), Payload.json("1"))),
                Failure.TOO_LARGE,
                "document.depth=64");
    }

    // ---- limits and the end --------------------------------------------------------------------

    @Test
    void handlersBeyondTheLimitAreRefused() throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        Limits two = limits(2);
        HandlerRunner<Object> narrow =
                runner(config((m, t) -> latch.await(9, TimeUnit.SECONDS)), two);

        assertThat(decide(narrow, task("X", "a", json("1")))).isNull();
        assertThat(decide(narrow, task("X", "b", json("1")))).isNull();
        assertFails(
                decide(narrow, task("X", "c", json("1"))), Failure.OVERLOADED, "calls.in.flight=2");
        latch.countDown();
        assertThat(host.next().decision()).isEqualTo(Decision.Done.reply(json("true")));
    }

    @Test
    void closeInterruptsAndWaits() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        HandlerRunner<Object> stuck =
                blocking(
                        (message, turn) -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                            return null;
                        });
        decide(stuck);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(stuck.close(Duration.ofSeconds(10))).isTrue();

        assertThat(stuck.running()).isZero();
        assertThat(host.next().decision()).isEqualTo(new Decision.Decline());
        assertThat(failures()).isEmpty();
        assertThat(decide(stuck)).isEqualTo(new Decision.Decline());
    }

    @Test
    void stageThatNeverCompletesIsLetGoAtClose() {
        AtomicReference<Turn<Object>> held = new AtomicReference<>();
        CompletableFuture<Object> never = new CompletableFuture<>();
        HandlerRunner<Object> waiting = blocking((message, turn) -> keep(held, turn, never));
        decide(waiting);
        await().until(() -> held.get() != null);

        waiting.close(Duration.ofSeconds(10));
        never.complete(1);

        assertThat(host.next().decision()).isEqualTo(new Decision.Decline());
        assertThat(host.told).isEmpty();
        assertThatThrownBy(() -> held.get().update(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void slowHandlerIsReportedOnce() {
        CountDownLatch latch = new CountDownLatch(1);
        HandlerRunner<Object> slow = blocking((m, t) -> latch.await(9, TimeUnit.SECONDS));
        decide(slow);

        slow.watch(System.nanoTime());
        assertThat(host.events).isEmpty();
        slow.watch(System.nanoTime() + SLOW.toNanos());
        slow.watch(System.nanoTime() + SLOW.toNanos());

        assertThat(host.events)
                .singleElement()
                .satisfies(event -> assertThat(event.kind()).isEqualTo(MeshEvent.Kind.HANDLER_SLOW))
                .satisfies(event -> assertThat(event.text()).contains("verb=X key=k"));
        latch.countDown();
    }

    @Test
    void inlineHandlersThatHoldUpTheirLoopAreReported() {
        HandlerRunner<Object> inline = inline((message, turn) -> "ok");

        inline.heldUp("X", 249_000_000);
        assertThat(host.events).isEmpty();
        inline.heldUp("X", 250_000_000);

        assertThat(host.events)
                .singleElement()
                .satisfies(event -> assertThat(event.kind()).isEqualTo(MeshEvent.Kind.HANDLER_SLOW))
                .satisfies(event -> assertThat(event.text()).contains("last verb=X", "250"));
    }

    // ---- reading -------------------------------------------------------------------------------

    @Test
    void otherKeysAreReadOnTheLoop() {
        Handler<Object> reading = (message, turn) -> turn.value("k2", Object.class);

        assertThat(decide(inlined(together(reading))))
                .isEqualTo(Decision.Done.reply(json("'k2!'")));
        assertThat(host.reads).hasValue(0);
        assertThat(decide(runner(together(reading), Limits.defaults()))).isNull();
        assertThat(host.next().decision()).isEqualTo(Decision.Done.reply(json("'k2!'")));
        assertThat(host.reads).hasValue(1);
    }

    @Test
    void messageToAMemberReadsTheReplicaAndEditsNothing() throws InterruptedException {
        BlockingQueue<Decision> answers = new LinkedBlockingQueue<>();
        HandlerRunner<Object> reading =
                blocking(
                        (message, turn) -> {
                            if (message.verb().equals("EDIT")) {
                                turn.update("k", 1);
                            }
                            return turn.value("k.a", Object.class);
                        });

        reading.ask(
                ask("READ"), false, key -> json("{'a':'" + key + "'}"), () -> false, answers::add);
        assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo(Decision.Done.reply(json("'k'")));
        reading.ask(ask("EDIT"), true, key -> Payload.NONE, () -> false, answers::add);
        assertFails(answers.poll(10, TimeUnit.SECONDS), Failure.BAD_REQUEST, "only read and reply");
    }

    private List<MeshEvent> failures() {
        return host.events.stream()
                .filter(event -> event.kind() == MeshEvent.Kind.HANDLER_FAILED)
                .toList();
    }

    // ---- given ---------------------------------------------------------------------------------

    private static Object keep(
            AtomicReference<Turn<Object>> held, Turn<Object> turn, Object answer) {
        held.set(turn);
        return answer;
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int depth(int n) {
        return depth(n + 1) + 1;
    }

    private static void assertFails(@Nullable Decision decision, Failure failure, String text) {
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Fail.class,
                        fail -> {
                            assertThat(fail.failure()).isEqualTo(failure);
                            assertThat(fail.detail()).contains(text);
                        });
    }

    private Payload reply(Handler<Object> handler) {
        Decision decision = decide(inline(handler));
        assertThat(decision).isInstanceOf(Decision.Done.class);
        return ((Decision.Done) decision).reply();
    }

    private @Nullable Decision decide(HandlerRunner<Object> handlers) {
        return decide(handlers, task("X", "k", json("41")));
    }

    private @Nullable Decision decide(HandlerRunner<Object> handlers, Task task) {
        return host.call(() -> handlers.decide(task));
    }

    private HandlerRunner<Object> inline(Handler<Object> handler) {
        return inlined(config(handler));
    }

    private HandlerRunner<Object> inlined(ServiceConfig<Object> config) {
        return runner(config.inline(ServiceConfig.ALL_VERBS), Limits.defaults());
    }

    private HandlerRunner<Object> blocking(Handler<Object> handler) {
        return runner(config(handler), Limits.defaults());
    }

    private HandlerRunner<Object> runner(ServiceConfig<Object> config, Limits limits) {
        runner = new HandlerRunner<>(config, new JsonCodec(limits), limits, SLOW, host);
        return runner;
    }

    private static ServiceConfig<Object> config(Handler<Object> handler) {
        return ServiceConfig.of("s", Object.class).handler(handler);
    }

    private static ServiceConfig<Object> together(Handler<Object> handler) {
        return config(handler).partitioner(key -> key.substring(0, 1));
    }

    private static Limits limits(int callsInFlight) {
        return Limits.builder().callsInFlight(callsInFlight).build();
    }

    private static Task task(String verb, String key, Payload body) {
        Frame.Request request =
                new Frame.Request(
                        5,
                        3,
                        1,
                        new RequestId(1, 2),
                        0,
                        5_000,
                        Commit.safe(),
                        verb,
                        Key.parse(key),
                        body,
                        new TreeMap<>());
        String at = request.key().top();
        return new Task(
                7, request, read -> json(read.equals(at) ? "'doc'" : "'" + read + "!'"), false);
    }

    private static Frame.Ask ask(String verb) {
        return new Frame.Ask(
                5, 1, RequestId.NONE, 5_000, verb, Key.NONE, Payload.NONE, new TreeMap<>());
    }

    private static Payload json(String text) {
        return Payload.json(text.replace('\'', '"'));
    }
}
