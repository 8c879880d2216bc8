package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Caller;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.call.Choice;
import io.tuli.loop.Calls;
import io.tuli.protocol.ServiceSpec;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretFile;
import io.tuli.secret.SecretText;
import io.tuli.secret.Token;
import io.tuli.service.LocalService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who calls, as handlers and hooks are told it, in members over sockets. */
class CallerMeshTest {

    private static final Caller ANN =
            Caller.of("rest", "ann", Map.of("admin", true, "roles", List.of("editor")));
    private static final String ANN_HERE = "rest ann {admin=true, roles=[editor]}";

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();
    private final List<String> noted = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        meshes.close();
    }

    private static String described(Caller caller) {
        return (caller.provider() + " " + caller.user() + " " + caller.claims())
                + (caller.isRemote() ? " remote" : "");
    }

    private Handler<Object> telling() {
        return (message, turn) -> {
            switch (message.verb()) {
                case "WHO" -> {
                    return described(message.caller());
                }
                case "WRITE" -> {
                    turn.update(Map.of("by", message.caller().user()));
                    return described(message.caller());
                }
                case "EMIT" -> turn.emit("notes", Message.of("NOTE").key("n"));
                default -> {
                    return turn.pass();
                }
            }
            return "emitted";
        };
    }

    private Mesh server() {
        return serving(meshes.server());
    }

    private Mesh serving(Mesh server) {
        server.serve(ServiceConfig.of("things", Object.class).partitions(8).handler(telling()));
        server.serve(
                ServiceConfig.stateless("work", (message, turn) -> described(message.caller())));
        return server;
    }

    private static Object answer(Call<?> call) {
        return call.reply().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    private static void assertFails(Call<?> call, Failure failure, String text) {
        assertThat(call.reply())
                .failsWithin(SOON)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        TuliException.class,
                        thrown -> assertThat(thrown.failure()).isEqualTo(failure))
                .withMessageContaining(text);
    }

    @Test
    @Tag("FD-37")
    @Tag("PT-96")
    void aMembersOwnCallIsAnonymousOfTheMeshAndRemoteWhereALinkHasBroughtIt() {
        Mesh server = server();
        Service<Object> here = synced(server.use("things", Object.class));
        assertThat(answer(here.send(Message.of("WHO").key("k")))).isEqualTo("mesh  {}");
        assertThat(answer(here.any().send(Message.of("WHO")))).isEqualTo("mesh  {}");

        Service<Object> there = synced(meshes.client().use("things", Object.class));
        assertThat(answer(there.send(Message.of("WHO").key("k")))).isEqualTo("mesh  {} remote");
        assertThat(answer(there.any().send(Message.of("WHO")))).isEqualTo("mesh  {} remote");
    }

    @Test
    @Tag("FD-36")
    @Tag("PT-95")
    void forWhomAServerSendsItIsToldWhicheverWayItGoes() {
        Mesh one = server();
        Mesh gateway = server();
        Service<Object> things = synced(gateway.use("things", Object.class));
        Service<Void> work = gateway.use(ServiceConfig.stateless("work"));
        await().atMost(SOON).until(() -> surveyed(things, WHO).size() == 2);
        Message who = Message.of("WHO").as(ANN);

        for (String key : List.of("a", "b", "c", "d")) {
            assertThat((String) answer(things.send(who.key(key)))).startsWith(ANN_HERE);
        }
        assertThat(answer(things.member(one.self().id()).send(who)))
                .isEqualTo(ANN_HERE + " remote");
        assertThat(answer(things.member(gateway.self().id()).send(who))).isEqualTo(ANN_HERE);
        assertThat((String) answer(work.any().send(who))).startsWith(ANN_HERE);
        assertThat(surveyed(things, who)).containsExactlyInAnyOrder(ANN_HERE + " remote", ANN_HERE);
    }

    private static List<Object> surveyed(Service<?> service, Message message) {
        Collected<Object> collected = new Collected<>();
        service.all().send(message).replies().subscribe(collected);
        try {
            return collected.all();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static final Message WHO = Message.of("WHO");

    @Test
    @Tag("PT-97")
    void whatATurnEmitsItsCallerCallsAndAFoldsMessagesTheFold() {
        Mesh server = server();
        server.serve(
                ServiceConfig.of("notes", Object.class)
                        .partitions(4)
                        .handler(
                                (message, turn) -> {
                                    noted.add(message.verb() + " " + described(message.caller()));
                                    return turn.pass();
                                })
                        .fold("things", change -> List.of(Message.of("FOLDED").key("n"))));
        Service<Object> things = synced(server.use("things", Object.class));
        answer(things.send(Message.of("EMIT").key("k").as(ANN)));
        answer(things.send(Message.of("EMIT").key("k")));
        answer(things.update("k", 1));
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(noted)
                                        .contains(
                                                "NOTE " + ANN_HERE,
                                                "NOTE mesh  {}",
                                                "FOLDED fold things {}"));
    }

    @Test
    @Tag("PT-95")
    void hooksKnowWhoCalls() {
        Mesh server = meshes.server();
        server.serve(
                Resource.documents("todos", Object.class)
                        .before(
                                Resource.ALL,
                                (message, context) -> {
                                    if (message.caller().isAnonymous()) {
                                        throw Refusal.notAuthenticated("log in");
                                    }
                                    return message.carrying(Map.of("by", message.caller().user()));
                                })
                        .config());
        Service<Object> todos = synced(server.use("todos", Object.class));
        Message create = Message.of(Resource.CREATE, Map.of("title", "milk"));
        assertThat(answer(todos.send(create.key("one").as(ANN)))).asString().contains("by=ann");
        assertThat(todos.send(create).reply())
                .failsWithin(SOON)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining("log in");
    }

    @Test
    @Tag("PT-95")
    void headersThatAreReservedAreRefusedAndNothingIsSent() {
        Service<Object> things = synced(server().use("things", Object.class));
        for (String name : List.of("$caller", "$", "$isRemote")) {
            assertFails(
                    things.send(Message.of("WHO").key("k").header(name, "root")),
                    Failure.BAD_REQUEST,
                    "headers that begin with $ are reserved");
        }
    }

    @Test
    @Tag("PT-96")
    void anIdIsOneUsersWhicheverWayHeComesAgain() {
        Service<Object> things = synced(server().use("things", Object.class));
        Message named = Message.of("WRITE").key("k").id("order-17");
        Object first = answer(things.send(named.as(ANN)));
        Caller other = Caller.of("socketio", "ann", Map.of("exp", 17));
        assertThat(answer(things.send(named.as(other)))).isEqualTo(first);
        assertFails(
                things.send(named.as(Caller.of("rest", "bob", Map.of()))),
                Failure.CONFLICT,
                "condition or user");
        assertFails(things.send(named), Failure.CONFLICT, "condition or user");
    }

    @Test
    @Tag("PT-96")
    void whoCallsSurvivesTheDeathOfWhoWasAsked() {
        CountDownLatch isAsked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        List<Mesh> servers = new ArrayList<>();
        List<String> firstAt = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 2; i++) {
            Mesh server = meshes.server();
            servers.add(server);
            server.serve(
                    ServiceConfig.stateless(
                            "work",
                            (message, turn) -> {
                                if (message.verb().equals("SLOW") && asked.getAndIncrement() == 0) {
                                    firstAt.add(server.self().name());
                                    isAsked.countDown();
                                    mayEnd.await();
                                }
                                return described(message.caller());
                            }));
        }
        Mesh gateway = meshes.server();
        Service<Void> work = gateway.use(ServiceConfig.stateless("work"));
        await().atMost(SOON).until(() -> surveyed(work, WHO).size() == 2);
        Call<Object> call = work.any().send(Message.of("SLOW").as(ANN).within(SOON));
        assertThat(isAsked).satisfies(latch -> await().until(() -> latch.getCount() == 0));
        Mesh first =
                servers.stream()
                        .filter(server -> firstAt.contains(server.self().name()))
                        .findFirst()
                        .orElseThrow();
        TestMeshes.context(first).transport().close();
        assertThat(answer(call)).isEqualTo(ANN_HERE + " remote");
        assertThat(asked).hasValueGreaterThan(1);
        mayEnd.countDown();
    }

    // ---- who is no server ----------------------------------------------------------------------

    @Test
    @Tag("FDX-6")
    void aClientIsToldThatItSpeaksForNobody() {
        server();
        Service<Object> things = synced(meshes.client().use("things", Object.class));
        String rule = "only servers speak for others, and this member is a client";
        assertFails(things.send(WHO.key("k").as(ANN)), Failure.NOT_AUTHORISED, rule);
        assertFails(things.any().send(WHO.as(ANN)), Failure.NOT_AUTHORISED, rule);
    }

    /** As if its own library did not refuse it. */
    private static Calls forging(Mesh client) {
        NodeContext context = TestMeshes.context(client);
        Member self = client.self();
        Member asServer =
                new Member(self.id(), self.name(), Member.Role.SERVER, self.host(), self.port());
        return new Calls(asServer, context.limits(), context.codec(), context.loops());
    }

    private static <R> List<Call<R>> forged(Mesh client, Message message, Class<R> reply) {
        Calls calls = forging(client);
        LocalService service =
                TestMeshes.context(client).book().find(ServiceSpec.numberOf("things"));
        return List.of(
                calls.toOwner(service, message.key("k"), reply),
                calls.toAny(service, Choice.ANY, message, reply));
    }

    @Test
    @Tag("FDX-6")
    void aClientThatForgesACallerIsRefusedAtTheLink() {
        server();
        Mesh client = meshes.client();
        Service<Object> things = synced(client.use("things", Object.class));
        for (Call<String> call : forged(client, WHO.as(ANN), String.class)) {
            assertFails(call, Failure.NOT_AUTHORISED, "only servers speak for others: role=client");
        }
        assertThat(answer(things.send(WHO.key("k")))).isEqualTo("mesh  {} remote");
    }

    @Test
    @Tag("FDX-6")
    void whoHasATokenCallsByItsIdAndByNoOther() {
        String secret = SecretText.generate();
        serving(meshes.join(builder -> builder.secret(secret)));
        Token.Claims claims =
                new Token.Claims(
                        "web-1",
                        Role.CLIENT,
                        Instant.now().plus(Duration.ofDays(1)),
                        Map.of("*", "rwaf"));
        Path file = directory.resolve("token");
        SecretFile.write(
                file,
                Token.of(Token.Claims.read(claims.bytes()), Secret.of(secret, meshes.name()))
                        .text());
        Mesh web =
                meshes.join(builder -> builder.client().settings(Map.of("token.file", "" + file)));
        Service<Object> things = synced(web.use("things", Object.class));
        String itself = "token web-1 {} remote";
        assertThat(answer(things.send(WHO.key("k")))).isEqualTo(itself);
        assertThat(answer(things.any().send(WHO))).isEqualTo(itself);
        assertThat(answer(things.send(WHO.key("k").id("named")))).isEqualTo(itself);
        for (Call<String> call : forged(web, WHO.as(ANN), String.class)) {
            assertFails(call, Failure.NOT_AUTHORISED, "only servers speak for others: role=client");
        }
        assertThat(answer(things.send(WHO.key("k")))).isEqualTo(itself);
    }

    @Test
    @Tag("FDX-6")
    void whoForgesWithoutEndIsPutOut() {
        Mesh server = server();
        Mesh client = meshes.client();
        synced(client.use("things", Object.class));
        for (int i = 0; i < 110; i++) {
            try {
                forged(client, WHO.as(ANN).within(SOON), String.class)
                        .forEach(call -> call.reply().exceptionally(e -> "").join());
            } catch (CompletionException refused) {
                assertThat(refused).isNotNull();
            }
        }
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(TestMeshes.context(server).transport().refused())
                                        .containsKey(io.tuli.handshake.Refusal.FORBIDDEN_FRAME));
        assertThat(server.closed()).isNotDone();
    }
}
