package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Receipt;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RequestTest {

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    @Tag("FE-04")
    void aChangeSentToAnyMemberIsHandledByTheKeysOwner() {
        List<Service<Object>> members = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = "s" + i;
            Mesh mesh = meshes.join(builder -> builder.name(name));
            members.add(mesh.serve("things", Object.class, (message, turn) -> name));
        }
        members.forEach(TestMeshes::synced);

        for (int key = 0; key < 20; key++) {
            Set<Object> handledBy = ConcurrentHashMap.newKeySet();
            for (Service<Object> member : members) {
                handledBy.add(member.key("k" + key).send(Message.of("WHO")).reply().join());
            }
            assertThat(handledBy).hasSize(1);
        }
    }

    @Test
    @Tag("FE-10")
    void aHandlerAnswersByValueByStageAndByTurn() {
        Service<Object> service = meshes.server().serve("things", Object.class, everyWay());
        Service<Object> client = meshes.client().use("things", Object.class);
        for (Service<Object> each : List.of(service, client)) {
            assertThat(each.key("k").send(Message.of("VALUE")).reply().join()).isEqualTo("value");
            assertThat(each.key("k").send(Message.of("STAGE")).reply().join()).isEqualTo("later");
            assertThat(each.key("k").send(Message.of("TURN")).reply().join()).isEqualTo("one");
            assertThat(each.key("k").send(Message.of("update", 5)).reply().join()).isNull();
            assertThat(each.get("k", Integer.class)).isEqualTo(5);
        }
    }

    private static Handler<Object> everyWay() {
        return (message, turn) ->
                switch (message.verb()) {
                    case "VALUE" -> "value";
                    case "STAGE" ->
                            CompletableFuture.supplyAsync(
                                    () -> "later", runnable -> Thread.ofVirtual().start(runnable));
                    case "TURN" -> {
                        turn.reply("one");
                        yield null;
                    }
                    default -> turn.pass();
                };
    }

    @Test
    @Tag("FE-10")
    void aClientsBuiltInWritePassesTheHandlerFirst() {
        Handler<Object> guard =
                (message, turn) -> {
                    if (message.verb().equals("update")) {
                        throw new TuliException(Failure.NOT_AUTHORISED, "not with me");
                    }
                    return turn.pass();
                };
        meshes.server().serve("things", Object.class, guard);
        Service<Object> client = meshes.client().use("things", Object.class);

        assertFails(client.update("k", 1), Outcome.FAILED, Failure.NOT_AUTHORISED);
        assertThat(client.add("k", 1).reply().join()).isEqualTo("k");
    }

    @Test
    @Tag("FE-11")
    void anUnknownVerbIsNotAllowed() {
        Service<Object> service = meshes.server().serve("things", Object.class);

        Call<Object> call = service.key("k").send(Message.of("LOGIN", Map.of("a", 1)));

        assertFails(call, Outcome.FAILED, Failure.METHOD_NOT_ALLOWED);
    }

    @Test
    void aHandlerThatThrowsChangesNothing() {
        Service<Object> service =
                meshes.server()
                        .serve(
                                "things",
                                Object.class,
                                (message, turn) -> {
                                    turn.update("half");
                                    throw new IllegalStateException("broken");
                                });

        assertFails(service.update("k", 1), Outcome.FAILED, Failure.HANDLER_FAILED);
        assertThat(service.state()).isEmpty();
    }

    @Test
    @Tag("FE-12")
    void eachMilestoneIsTold() {
        meshes.server().serve("things", Object.class);
        Service<Object> client = meshes.client().use("things", Object.class);

        Call<Void> call = client.update("k", 1);

        call.accepted().orTimeout(5, TimeUnit.SECONDS).join();
        Receipt receipt = call.committed().orTimeout(5, TimeUnit.SECONDS).join();
        call.reply().orTimeout(5, TimeUnit.SECONDS).join();
        assertThat(receipt.copies()).isEqualTo(1);
        assertThat(receipt.position().offset()).isPositive();
    }

    @Test
    @Tag("FE-12")
    void acceptedComesBeforeASlowHandlerHasDecided() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        meshes.server()
                .serve(
                        "things",
                        Object.class,
                        (message, turn) -> mayEnd.await(10, TimeUnit.SECONDS));
        Service<Object> client = meshes.client().use("things", Object.class);

        Call<Object> call = client.key("k").send(Message.of("SLOW"));
        call.accepted().orTimeout(5, TimeUnit.SECONDS).join();
        assertThat(call.reply()).isNotDone();
        mayEnd.countDown();

        assertThat(call.reply().get(5, TimeUnit.SECONDS)).isEqualTo(true);
    }

    @Test
    @Tag("FE-14")
    void aServerGetsTheSameAnswersFromItself() {
        Service<Object> service = meshes.server().serve("things", Object.class, everyWay());

        Call<Object> call = service.key("k").send(Message.of("VALUE"));

        call.accepted().join();
        assertThat(call.committed().join().copies()).isEqualTo(1);
        assertThat(call.reply().join()).isEqualTo("value");
    }

    @Test
    @Tag("FE-15")
    void theCallerChoosesTheNumberOfCopies() {
        Service<Object> one = meshes.server().serve("things", Object.class);
        Service<Object> two = meshes.server().serve("things", Object.class);
        Service<Object> three = meshes.server().serve("things", Object.class);
        List.of(one, two, three).forEach(TestMeshes::synced);

        for (int copies = 1; copies <= 3; copies++) {
            Message message = Message.of("update", copies).key("k").commit(Commit.copies(copies));
            Receipt receipt = one.send(message).committed().join();
            assertThat(receipt.copies()).isGreaterThanOrEqualTo(copies);
        }
    }

    @Test
    @Tag("U2")
    void ofOnesRequestsToAKeyNoneOvertakesAnotherWhateverTheyAreCommittedTo() {
        meshes.server().serve("things", Object.class);
        meshes.server().serve("things", Object.class);
        Service<Object> caller = meshes.client().use("things", Object.class);
        caller.update("warm", 0).reply().join();
        List<CompletableFuture<Object>> sums = new ArrayList<>();

        for (int i = 0; i < 2_000; i++) {
            String key = "k" + i % 10;
            caller.send(Message.of("update", -i).key(key).commit(Commit.copies(2)));
            caller.send(Message.of("update", i).key(key).commit(Commit.owner()));
            Message one = Message.of("increment", 1).key(key).commit(Commit.copies(2));
            sums.add(caller.send(one).reply());
        }

        for (int i = 0; i < sums.size(); i++) {
            assertThat(sums.get(i).join()).isEqualTo(i + 1);
        }
    }

    @Test
    @Tag("FE-15")
    void moreCopiesThanThereAreServersIsNotPretended() {
        Service<Object> only = meshes.server().serve("things", Object.class);
        Message message =
                Message.of("update", 1)
                        .key("k")
                        .commit(Commit.copies(2))
                        .within(Duration.ofMillis(500));

        assertThatThrownBy(() -> only.send(message).reply().join())
                .hasCauseInstanceOf(TuliException.class);
    }

    @Test
    @Tag("FE-15")
    void moreCopiesThanThereWillEverBeAreRefusedAtOnce() {
        Service<Object> one = meshes.server().serve("things", Object.class);
        Service<Object> two = meshes.server().serve("things", Object.class);
        Service<Object> three = meshes.server().serve("things", Object.class);
        List.of(one, two, three).forEach(TestMeshes::synced);
        Service<Object> client = meshes.client().use("things", Object.class);
        Message message = Message.of("push", 1).key("k").within(Duration.ofMinutes(10));

        for (int copies : new int[] {7, 100, 127}) {
            Call<Object> call = client.send(message.commit(Commit.copies(copies)));
            assertFails(call, Outcome.FAILED, Failure.BAD_REQUEST);
            assertThatThrownBy(call.reply()::join)
                    .hasMessageContaining("copies=" + copies)
                    .hasMessageContaining("servers=3");
        }
        assertThat(client.send(message.commit(Commit.copies(3))).reply().join()).isEqualTo(0);
    }

    @Test
    @Tag("M3")
    void aRepeatOfANamedRequestIsExecutedOnce() {
        AtomicInteger runs = new AtomicInteger();
        Handler<Object> counting =
                (message, turn) -> {
                    turn.update(runs.incrementAndGet());
                    return runs.get();
                };
        Service<Object> service = meshes.server().serve("things", Object.class, counting);
        Service<Object> client = meshes.client().use("things", Object.class);
        Message message = Message.of("COUNT").key("k").id("order-1");

        assertThat(client.send(message).reply().join()).isEqualTo(1);
        assertThat(service.send(message).reply().join()).isEqualTo(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void oneBlockedKeyHoldsUpNoOther() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        ServiceConfig<Object> config =
                ServiceConfig.of("things", Object.class)
                        .partitions(1)
                        .handler(
                                (message, turn) -> {
                                    if (message.key().top().equals("slow")) {
                                        mayEnd.await(20, TimeUnit.SECONDS);
                                    }
                                    return message.key().top();
                                })
                        .inline("none");
        Service<Object> service = meshes.server().serve(config);

        Call<Object> slow = service.key("slow").send(Message.of("GO"));
        Call<Object> slower = service.key("slow").send(Message.of("GO"));
        assertThat(service.key("fast").send(Message.of("GO")).reply().join()).isEqualTo("fast");
        assertThat(slow.reply()).isNotDone();
        mayEnd.countDown();

        assertThat(slow.reply().join()).isEqualTo("slow");
        assertThat(slower.reply().join()).isEqualTo("slow");
    }

    @Test
    void whatAHandlerEmitsReachesTheOtherServiceOnce() {
        Mesh mesh = meshes.server();
        Service<Object> mail = meshes.server().serve("mail", Object.class);
        Service<Object> users =
                mesh.serve(
                        "users",
                        Object.class,
                        (message, turn) -> {
                            turn.update("forgot");
                            turn.emit("mail", Message.of("push", message.key().top()).key("sent"));
                            return "ok";
                        });

        users.key("u1").send(Message.of("FORGOT").id("f1")).reply().join();
        users.key("u1").send(Message.of("FORGOT").id("f1")).reply().join();

        await().atMost(SOON).until(() -> mail.state().equals(Map.of("sent", List.of("u1"))));
    }

    @Test
    @Tag("FE-12")
    void whatIsCancelledBeforeItIsBegunIsNeverExecuted() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        List<String> runs = new CopyOnWriteArrayList<>();
        Service<Object> server =
                meshes.server()
                        .serve(
                                "things",
                                Object.class,
                                (message, turn) -> {
                                    runs.add(message.verb());
                                    return mayEnd.await(20, TimeUnit.SECONDS);
                                });
        Service<Object> client = meshes.client().use("things", Object.class);
        Call<Object> first = client.send(Message.of("FIRST").key("k"));
        Call<Object> second = client.send(Message.of("SECOND").key("k"));
        second.accepted().orTimeout(10, TimeUnit.SECONDS).join();

        second.cancel();
        assertFails(second, Outcome.UNKNOWN, Failure.CANCELLED);
        Call<Object> third = client.send(Message.of("THIRD").key("k"));
        third.accepted().orTimeout(10, TimeUnit.SECONDS).join();
        mayEnd.countDown();

        first.reply().orTimeout(10, TimeUnit.SECONDS).join();
        third.reply().orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(runs).containsExactly("FIRST", "THIRD");
        assertThat(server.state()).isEmpty();
    }

    @Test
    @Tag("U1")
    void theDeadlineTravelsWithTheMessage() {
        meshes.server()
                .serve(
                        "things",
                        Object.class,
                        (message, turn) -> message.within().orElseThrow().toMillis());
        Service<Object> client = meshes.client().use("things", Object.class);

        Message message = Message.of("LEFT").key("k").within(Duration.ofSeconds(7));
        long left = client.send(message, Long.class).reply().join();

        assertThat(left).isBetween(1_000L, 7_000L);
    }

    @Test
    void aMessageWithoutAKeyGoesToSomePartitionsOwner() {
        meshes.server().serve("things", Object.class, (message, turn) -> "answered");
        Service<Object> client = meshes.client().use("things", Object.class);

        assertThat(client.any().send(Message.of("GO")).reply().join()).isEqualTo("answered");
    }

    @Test
    void aSurveyAsksEveryServer() throws Exception {
        for (int i = 0; i < 3; i++) {
            String name = "s" + i;
            meshes.server().serve("things", Object.class, (message, turn) -> name);
        }
        Service<Object> client = meshes.client().use("things", Object.class);
        await().atMost(SOON).until(() -> meshes.all().get(0).report("things").owned() > 0);

        Collected<Object> answers = new Collected<>();
        client.all().send(Message.of("WHO").within(SOON)).replies().subscribe(answers);

        assertThat(answers.all()).containsExactlyInAnyOrder("s0", "s1", "s2");
    }

    @Test
    void oneMemberCanBeAsked() {
        Mesh server = meshes.server();
        server.serve("things", Object.class, (message, turn) -> "here");
        Service<Object> client = meshes.client().use("things", Object.class);

        Call<Object> call =
                client.member(server.self().id()).send(Message.of("WHERE").within(SOON));

        assertThat(call.reply().join()).isEqualTo("here");
    }

    static void assertFails(Call<?> call, Outcome outcome, Failure failure) {
        assertThatThrownBy(() -> call.reply().join())
                .cause()
                .isInstanceOfSatisfying(
                        TuliException.class,
                        thrown -> {
                            assertThat(thrown.outcome()).isEqualTo(outcome);
                            assertThat(thrown.failure()).isEqualTo(failure);
                        });
    }
}
