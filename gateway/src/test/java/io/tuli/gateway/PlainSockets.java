package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.browser.SocketLimits;
import io.tuli.engine.EngineLimits;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A gateway, and clients of it with a plain WebSocket that speaks {@code tuli.v1}. */
abstract class PlainSockets {

    static final Duration SOON = Duration.ofSeconds(10);

    static Mesh mesh;
    static Service<Object> todos;
    static OpenGateway gateway;
    static String token;

    RawWebSocket witness;

    @BeforeAll
    static void open() throws IOException {
        mesh = Tuli.join("plain-" + UUID.randomUUID());
        todos =
                mesh.serve(
                        Resource.documents("todos", Object.class)
                                .heardBy((event, told) -> Set.of("everybody"))
                                .method("finish", (message, context) -> Map.of("done", true))
                                .config());
        mesh.serve(
                Resource.documents("notes", Object.class)
                        .heardBy((event, told) -> Set.of("members"))
                        .config());
        mesh.serve(
                Resource.documents("users", Object.class)
                        .around("*", Passwords.hashed("password"))
                        .config());
        mesh.serve(
                Resource.of("slow")
                        .method("wait", (message, context) -> new CompletableFuture<>())
                        .method(
                                "fail",
                                (message, context) -> {
                                    throw Refusal.conflict("as planned");
                                })
                        .config());
        gateway =
                gateway()
                        .sockets(
                                new SocketLimits(
                                        EngineLimits.STANDARD,
                                        1_000,
                                        1_000,
                                        10,
                                        256,
                                        200_000,
                                        Duration.ofSeconds(1)))
                        .start();
        todos.awaitSync(SOON);
        mesh.use("notes", Object.class).awaitSync(SOON);
        mesh.use("users", Object.class).awaitSync(SOON);
        token = token();
    }

    static Gateway gateway() {
        return Gateway.on(mesh)
                .port(0)
                .expose("todos", "slow", "notes", "users")
                .hook("notes", Authentication.required())
                .hook("users", Authentication.requiredExcept("create"))
                .joins(caller -> caller.isAnonymous() ? Set.of() : Set.of("members"))
                .within(Duration.ofMillis(800))
                .authentication(
                        Authentication.hs256("a secret of at least 32 bytes, kept")
                                .users("users", "email", "password"));
    }

    static String token() throws IOException {
        mesh.use("users", Object.class)
                .send(Message.of("create", Map.of("email", "ada@x", "password", "correct horse")))
                .await();
        try (RawWebSocket first = plain()) {
            String login =
                    ask(
                            first,
                            "\"service\":\"authentication\",\"method\":\"create\",\"data\":"
                                    + "{\"strategy\":\"local\",\"email\":\"ada@x\","
                                    + "\"password\":\"correct horse\"}");
            assertThat(login).contains("\"accessToken\":\"");
            return login.replaceAll(".*\"accessToken\":\"([^\"]+)\".*", "$1");
        }
    }

    @AfterAll
    static void close() {
        gateway.close();
        mesh.close();
    }

    static RawWebSocket plain() throws IOException {
        return plain("");
    }

    static RawWebSocket plain(String moreHeaders) throws IOException {
        return RawWebSocket.speaking(gateway.port(), "tuli.v1", moreHeaders);
    }

    /** Asks with an id of its own, and answers what is said to it. */
    static String ask(RawWebSocket socket, String fields) throws IOException {
        String id = "\"" + UUID.randomUUID() + "\"";
        socket.send("{\"id\":" + id + "," + fields + "}");
        return socket.readUntil("{\"id\":" + id).replace("{\"id\":" + id + ",", "{");
    }

    @BeforeEach
    void connectAWitness() throws IOException {
        witness = plain();
    }

    /** Whatever the others did: the witness is untouched, and of them nothing is left. */
    @AfterEach
    void witnessIsUntouchedAndNothingIsLeft() throws IOException {
        assertThat(
                        ask(
                                witness,
                                "\"service\":\"todos\",\"method\":\"find\","
                                        + "\"query\":{\"$limit\":0}"))
                .startsWith("{\"result\":{\"total\":");
        witness.close();
        await().atMost(SOON).until(() -> gateway.sockets() == 0);
    }
}
