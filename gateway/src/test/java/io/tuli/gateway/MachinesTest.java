package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.http.RawHttp;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs call with tokens of theirs, for some services and a time; proxies are believed (15.2).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MachinesTest {

    private static final String SECRET = "a secret of thirty-two bytes at least";
    private static final Duration HOUR = Duration.ofHours(1);

    private Mesh mesh;
    private Service<Object> kept;
    private ApiTokens tokens;
    private OpenGateway gateway;

    @BeforeAll
    void start() {
        mesh = Tuli.join("machines-" + UUID.randomUUID());
        kept = mesh.serve("api.tokens", Object.class);
        for (String each : new String[] {"todos", "orders"}) {
            mesh.serve(Resource.documents(each, Object.class).config());
        }
        mesh.serve(
                Resource.documents("users", Object.class)
                        .around("*", Passwords.hashed("password"))
                        .config());
        tokens = ApiTokens.of(mesh, "api.tokens");
        gateway = gateway().start();
    }

    private Gateway gateway() {
        return Gateway.on(mesh)
                .port(0)
                .expose("todos", "orders", "users")
                .hook("todos", Authentication.required())
                .hook("orders", Authentication.required())
                .heardBy("todos", (event, record) -> Set.of("known"))
                .heardBy("orders", (event, record) -> Set.of("known"))
                .joins(caller -> caller.isAnonymous() ? Set.of() : Set.of("known"))
                .proxies("127.0.0.1")
                .authentication(
                        Authentication.hs256(SECRET)
                                .users("users", "email", "password")
                                .withMachines("api.tokens")
                                .attempts(3, 1_000));
    }

    @AfterAll
    void stop() {
        gateway.close();
        mesh.close();
    }

    private int ask(String method, String path, String token, String body) throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            http.write(
                    method
                            + " "
                            + path
                            + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                            + "Content-Length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body);
            return http.answer().status();
        }
    }

    private int get(String path, String token) throws IOException {
        return ask("GET", path, token, "");
    }

    @Test
    void tokenIsForItsServicesUntilItIsRevoked() throws Exception {
        ApiTokens.Made made = tokens.create("ci", Map.of("todos", "rw", "orders", "r"), HOUR);
        await().until(() -> get("/todos", made.text()) == 200);

        assertThat(ask("POST", "/todos", made.text(), "{\"id\":\"a\"}")).isEqualTo(201);
        assertThat(get("/orders", made.text())).isEqualTo(200);
        assertThat(ask("POST", "/orders", made.text(), "{\"id\":\"a\"}")).isEqualTo(403);
        assertThat(ask("DELETE", "/orders/a", made.text(), "")).isEqualTo(403);
        assertThat(get("/users", made.text())).isEqualTo(403);
        assertThat(get("/todos", "")).isEqualTo(401);
        assertThat(tokens.list())
                .filteredOn(each -> each.id().equals(made.id()))
                .singleElement()
                .satisfies(
                        each -> {
                            assertThat(each.name()).isEqualTo("ci");
                            assertThat(each.services())
                                    .isEqualTo(Map.of("todos", "rw", "orders", "r"));
                            assertThat(Duration.between(each.made(), each.expires()))
                                    .isEqualTo(HOUR);
                        });

        assertThat(tokens.revoke(made.id())).isTrue();
        assertThat(tokens.revoke(made.id())).isFalse();
        await().until(() -> get("/todos", made.text()) == 401);
    }

    @Test
    void everyOtherServiceIsMeantByAStarAndATokenEnds() throws Exception {
        ApiTokens.Made all = tokens.create("all", Map.of("*", "rw", "orders", "r"), HOUR);
        ApiTokens.Made ended = tokens.create("ended", Map.of("*", "rw"), Duration.ofMillis(1));

        await().until(() -> get("/todos", all.text()) == 200);
        assertThat(ask("POST", "/orders", all.text(), "{\"id\":\"b\"}")).isEqualTo(403);
        await().until(() -> get("/todos", ended.text()) == 401);
    }

    @Test
    void whatIsKeptShowsNoToken() {
        ApiTokens.Made made = tokens.create("quiet", Map.of("todos", "r"), HOUR);

        assertThat(String.valueOf(kept.get(Key.of(made.id()), Map.class)))
                .doesNotContain(made.text().substring(made.text().lastIndexOf('-') + 1));
        assertThat(made.toString()).doesNotContain(made.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "0000000000000000-", "x", "a.b", "a.b.c"})
    void whatIsNoTokenIsNone(String text) throws Exception {
        assertThat(get("/todos", "tuliapi1-" + text)).isEqualTo(401);
        assertThat(get("/todos", "tuliapi1-" + text + "0".repeat(64))).isEqualTo(401);
    }

    @Test
    void tokenWithAnotherSecretIsNone() throws Exception {
        ApiTokens.Made made = tokens.create("one", Map.of("todos", "r"), HOUR);
        await().until(() -> get("/todos", made.text()) == 200);
        String text = made.text();
        char last = text.charAt(text.length() - 1);

        assertThat(get("/todos", text.substring(0, text.length() - 1) + (last == '0' ? '1' : '0')))
                .isEqualTo(401);
        assertThat(get("/todos", text.toUpperCase(java.util.Locale.ROOT))).isEqualTo(401);
        assertThat(get("/todos", text + " ")).isEqualTo(200);
    }

    @Test
    void socketOfAProgramHearsItsServicesAlone() throws Exception {
        ApiTokens.Made made = tokens.create("listener", Map.of("todos", "rw"), HOUR);
        ApiTokens.Made writer = tokens.create("writer", Map.of("*", "rw"), HOUR);
        await().until(() -> get("/todos", writer.text()) == 200);
        await().until(() -> get("/todos", made.text()) == 200);
        try (RawWebSocket socket = RawWebSocket.connected(gateway.port())) {
            socket.send(
                    "420[\"create\",\"authentication\",{\"strategy\":\"jwt\",\"accessToken\":\""
                            + made.text()
                            + "\"},{}]");
            assertThat(socket.readUntil("430")).startsWith("430[null,");

            assertThat(ask("POST", "/orders", writer.text(), "{\"id\":\"heard\"}")).isEqualTo(201);
            assertThat(ask("POST", "/todos", writer.text(), "{\"id\":\"heard\"}")).isEqualTo(201);
            assertThat(socket.readUntil("42"))
                    .isEqualTo("42[\"todos created\",{\"id\":\"heard\"}]");
            socket.send("421[\"create\",\"orders\",{},{}]");
            assertThat(socket.readUntil("431")).contains("\"code\":403");
        }
    }

    @Test
    void whatCannotBeATokenIsRefusedAndTokensAreExposedByNobody() {
        assertThatThrownBy(() -> tokens.create(" ", Map.of("todos", "r"), HOUR))
                .hasMessageContaining("1 to 100 characters");
        assertThatThrownBy(() -> tokens.create("x", Map.of(), HOUR))
                .hasMessageContaining("1 to 100 services");
        assertThatThrownBy(() -> tokens.create("x", Map.of("todos", "rwx"), HOUR))
                .hasMessageContaining("r, w or rw");
        assertThatThrownBy(() -> tokens.create("x", Map.of("todos", "r"), Duration.ZERO))
                .hasMessageContaining("ten years");
        assertThatThrownBy(() -> gateway().expose("api.tokens").start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("exposes no service of tokens");
    }

    // ---- proxies -------------------------------------------------------------------------------

    private int login(String name, String forwarded) throws IOException {
        String body = "{\"strategy\":\"local\",\"email\":\"" + name + "\",\"password\":\"wrong\"}";
        try (RawHttp http = new RawHttp(gateway.port())) {
            http.write(
                    "POST /authentication HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "X-Forwarded-For: "
                            + forwarded
                            + "\r\nContent-Length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body);
            return http.answer().status();
        }
    }

    @Test
    void limitsAreOfWhomAProxyNamesAndNoClientNamesItself() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(login("a", "192.0.2.1")).isEqualTo(401);
        }
        assertThat(login("a", "192.0.2.1")).isEqualTo(429);
        assertThat(login("a", "203.0.113.9, 192.0.2.1")).as("what it says itself").isEqualTo(429);
        assertThat(login("a", "192.0.2.2")).isEqualTo(401);
    }
}
