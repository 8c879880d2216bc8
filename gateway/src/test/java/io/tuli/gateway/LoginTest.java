package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Caller;
import io.tuli.Mesh;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.node.Tuli;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users log in, and none of the defects of the original is here (FD-83..FD-86). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginTest {

    private static final String SECRET = "a-secret-of-at-least-thirty-two-bytes";
    private static final Pattern TOKEN = Pattern.compile("\"accessToken\":\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    private Mesh mesh;
    private OpenGateway gateway;
    private String token;

    @BeforeAll
    void start() throws Exception {
        mesh = Tuli.join("login-" + UUID.randomUUID());
        mesh.serve(
                Resource.documents("users", Object.class)
                        .around("*", Passwords.hashed("password"))
                        .config());
        mesh.serve(
                Resource.of("who")
                        .method("get", (message, context) -> seen(message.caller()))
                        .method("create", (message, context) -> seen(message.caller()))
                        .config());
        mesh.serve(
                Resource.of("open")
                        .method("get", (message, context) -> seen(message.caller()))
                        .config());
        gateway = gateway(1_000, 1_000).start();
        newUser("ada@x");
        token = token(login("ada@x", "correct horse"));
    }

    private Gateway gateway(int perAddress, int perAccount) {
        return Gateway.on(mesh)
                .port(0)
                .expose("users", "who", "open")
                .methods("who", "get", "create")
                .hook("who", Authentication.required())
                .hook("users", Authentication.requiredExcept("create"))
                .hook(
                        "open",
                        call -> {
                            if ("hidden".equals(call.id())) {
                                throw Refusal.forbidden("hidden");
                            }
                            if ("broken".equals(call.id())) {
                                throw new AssertionError("as planned");
                            }
                        })
                .authentication(
                        Authentication.hs256(SECRET)
                                .users("users", "email", "password")
                                .attempts(perAddress, perAccount));
    }

    @AfterAll
    void stop() {
        gateway.close();
        mesh.close();
    }

    private static Map<String, Object> seen(Caller caller) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("provider", caller.provider());
        seen.put("user", caller.user());
        seen.put("known", caller.claims().get("user") instanceof Map<?, ?> user ? user : "");
        return seen;
    }

    private HttpResponse<String> ask(
            OpenGateway at, String method, String path, String body, String authorization)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(at.url() + path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json");
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String authorization) throws Exception {
        return ask(gateway, "GET", path, "", authorization);
    }

    private HttpResponse<String> newUser(String email) throws Exception {
        return ask(
                gateway,
                "POST",
                "/users",
                "{\"id\":\""
                        + email
                        + "\",\"email\":\""
                        + email
                        + "\",\"password\":\"correct horse\"}",
                "");
    }

    private HttpResponse<String> login(String email, String password) throws Exception {
        return authenticate(
                "{\"strategy\":\"local\",\"email\":\""
                        + email
                        + "\",\"password\":\""
                        + password
                        + "\"}");
    }

    private HttpResponse<String> authenticate(String body) throws Exception {
        return ask(gateway, "POST", "/authentication", body, "");
    }

    private static String token(HttpResponse<String> answer) {
        Matcher found = TOKEN.matcher(answer.body());
        assertThat(found.find()).as(answer.body()).isTrue();
        return found.group(1);
    }

    private static void refused(HttpResponse<String> answer, String message) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .contains("\"className\":\"not-authenticated\"", "\"message\":\"" + message + "\"");
    }

    @Test
    void userLogsInByPasswordAndGoesOnByToken() throws Exception {
        HttpResponse<String> local = login("ada@x", "correct horse");
        assertThat(local.statusCode()).isEqualTo(201);
        assertThat(local.body())
                .contains(
                        "\"strategy\":\"local\"",
                        "\"sub\":\"ada@x\"",
                        "\"user\":{\"id\":\"ada@x\",\"email\":\"ada@x\"}")
                .doesNotContain("password", "$2b$");

        HttpResponse<String> again =
                authenticate("{\"strategy\":\"jwt\",\"accessToken\":\"" + token(local) + "\"}");
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(token(again)).isEqualTo(token(local));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"strategy\":\"local\",\"email\":\"ada@x\",\"password\":\"no\"} | Invalid login",
                "{\"strategy\":\"local\",\"email\":\"bob@x\",\"password\":\"x\"} | Invalid login",
                "{\"strategy\":\"local\",\"email\":\"ada@x\"} | Invalid login",
                "{\"strategy\":\"local\",\"password\":\"correct horse\"} | Invalid login",
                "{\"strategy\":\"local\"} | Invalid login",
                "{\"strategy\":\"jwt\"} | No access token",
                "{\"strategy\":\"jwt\",\"accessToken\":{\"a\":1}} | No access token",
                "{\"strategy\":\"jwt\",\"accessToken\":\"bad\"} | jwt malformed"
            })
    void whatDoesNotProveAnythingIsRefusedWithOneText(String body, String message)
            throws Exception {
        refused(authenticate(body), message);
    }

    /** The original logs in as the first user with that password. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ne\":null}",
                "{\"$gt\":\"\"}",
                "[\"ada@x\"]",
                "null",
                "1",
                "{\"$in\":[\"ada@x\"]}"
            })
    void conditionInsteadOfANameFindsNobody(String email) throws Exception {
        refused(
                authenticate(
                        "{\"strategy\":\"local\",\"email\":"
                                + email
                                + ",\"password\":\"correct horse\"}"),
                "Invalid login");
    }

    /** The original answers 500. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", "1", "[]", "true", "\"\""})
    void passwordThatIsNoTextIsRefused(String password) throws Exception {
        refused(
                authenticate(
                        "{\"strategy\":\"local\",\"email\":\"ada@x\",\"password\":"
                                + password
                                + "}"),
                "Invalid login");
        assertThat(
                        ask(
                                        gateway,
                                        "POST",
                                        "/users",
                                        "{\"email\":\"n@x\",\"password\":" + password + "}",
                                        "")
                                .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"strategy\":\"magic\"}", "{\"strategy\":\"__proto__\"}", "[]"})
    void strategyThatIsNoneIsRefused(String body) throws Exception {
        assertThat(authenticate(body).statusCode()).isEqualTo(401);
        assertThat(authenticate(body).body()).contains("Invalid authentication information");
    }

    @Test
    void protectedServiceWantsAProofAndIsToldWhoCalls() throws Exception {
        refused(get("/who/1", ""), "Not authenticated");
        refused(get("/who/1", "Bearer bad"), "jwt malformed");
        refused(get("/who/1", "Basic YTpi"), "Not authenticated");
        for (String scheme : List.of("Bearer ", "bearer ", "JWT ", "")) {
            assertThat(get("/who/1", scheme + token).body())
                    .isEqualTo(
                            "{\"provider\":\"rest\",\"user\":\"ada@x\","
                                    + "\"known\":{\"email\":\"ada@x\",\"id\":\"ada@x\"}}");
        }
    }

    /** In the original the user does not reach an open service over REST. */
    @Test
    void openServiceIsToldWhoCallsAndDoesNotMindABadToken() throws Exception {
        assertThat(get("/open/1", "Bearer " + token).body()).contains("\"user\":\"ada@x\"");
        assertThat(get("/open/1", "Bearer bad").body())
                .isEqualTo("{\"provider\":\"rest\",\"user\":\"\",\"known\":\"\"}");
        assertThat(get("/open/1", "").statusCode()).isEqualTo(200);
    }

    @Test
    void methodThatThereIsNotIsNotAllowedBeforeItIsAskedWhoCalls() throws Exception {
        assertThat(get("/who", "").statusCode()).isEqualTo(405);
        assertThat(ask(gateway, "PUT", "/who/1", "{}", "").statusCode()).isEqualTo(405);
    }

    @Test
    void usersShowNoPasswordAndCannotBeAskedForOne() throws Exception {
        assertThat(newUser("eve@x").body()).doesNotContain("password", "$2b$");
        refused(get("/users", ""), "Not authenticated");
        assertThat(get("/users", token).body()).contains("ada@x").doesNotContain("password");
        assertThat(get("/users/ada@x", token).body()).doesNotContain("password");
        for (String query :
                List.of(
                        "password%5B$gt%5D=$",
                        "$sort%5Bpassword%5D=1", "$or%5B0%5D%5Bpassword%5D=x", "password.0=x")) {
            assertThat(get("/users?" + query, token).statusCode()).as(query).isEqualTo(400);
        }
        assertThat(ask(gateway, "PATCH", "/users/eve@x", "{\"password\":\"new\"}", token).body())
                .doesNotContain("password", "$2b$");
        assertThat(login("eve@x", "new").statusCode()).isEqualTo(201);
        assertThat(mesh.use("users", Object.class).state().get("eve@x").toString())
                .contains("$2b$10$");
    }

    @Test
    void nameIsOfWhoHasItNow() throws Exception {
        newUser("first@x");
        assertThat(login("first@x", "correct horse").statusCode()).isEqualTo(201);
        String bearer = "Bearer " + token;
        ask(gateway, "PATCH", "/users/first@x", "{\"email\":\"other@x\"}", bearer);

        await().until(() -> login("first@x", "correct horse").statusCode() == 401);
        assertThat(login("other@x", "correct horse").statusCode()).isEqualTo(201);
        ask(gateway, "DELETE", "/users/first@x", "", bearer);
        await().until(() -> login("other@x", "correct horse").statusCode() == 401);
    }

    @Test
    void leavingAnswersWhoseTokenItWas() throws Exception {
        HttpResponse<String> left = ask(gateway, "DELETE", "/authentication", "", token);
        assertThat(left.statusCode()).isEqualTo(200);
        assertThat(token(left)).isEqualTo(token);
        refused(ask(gateway, "DELETE", "/authentication", "", ""), "Not authenticated");
        refused(ask(gateway, "DELETE", "/authentication/x", "", token), "Invalid access token");
        assertThat(get("/authentication", "").statusCode()).isEqualTo(405);
        assertThat(ask(gateway, "POST", "/authentication", "{bad", "").statusCode()).isEqualTo(400);
    }

    @Test
    void tokenOfAUserWhoIsGoneIsNotFound() throws Exception {
        newUser("gone@x");
        String theirs = token(login("gone@x", "correct horse"));
        ask(gateway, "DELETE", "/users/gone@x", "", token);

        assertThat(
                        authenticate("{\"strategy\":\"jwt\",\"accessToken\":\"" + theirs + "\"}")
                                .statusCode())
                .isEqualTo(404);
        assertThat(get("/who/1", theirs).statusCode()).isEqualTo(404);
    }

    @Test
    void anotherGatewayOfTheSameSecretTakesTheToken() throws Exception {
        try (OpenGateway other = gateway(10, 10).start()) {
            assertThat(ask(other, "GET", "/who/1", "", token).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoTriesTooOftenWaitsAndOthersWork() throws Exception {
        try (OpenGateway other = gateway(1_000, 3).start()) {
            String wrong = "{\"strategy\":\"local\",\"email\":\"ada@x\",\"password\":\"no\"}";
            for (int at = 0; at < 3; at++) {
                refused(ask(other, "POST", "/authentication", wrong, ""), "Invalid login");
            }
            HttpResponse<String> many = ask(other, "POST", "/authentication", wrong, "");
            assertThat(many.statusCode()).isEqualTo(429);
            assertThat(many.headers().firstValue("retry-after")).hasValue("60");
            assertThat(ask(other, "GET", "/who/1", "", token).statusCode()).isEqualTo(200);
        }
        try (OpenGateway other = gateway(2, 1_000).start()) {
            String unknown = "{\"strategy\":\"local\",\"email\":\"u@x\",\"password\":\"no\"}";
            ask(other, "POST", "/authentication", unknown, "");
            ask(other, "POST", "/authentication", unknown, "");
            assertThat(ask(other, "POST", "/authentication", unknown, "").statusCode())
                    .isEqualTo(429);
        }
    }

    @Test
    void callsAreAnsweredWhilePasswordsAreLookedAt() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> logins = new ArrayList<>();
        for (int at = 0; at < 12; at++) {
            logins.add(
                    client.sendAsync(
                            HttpRequest.newBuilder(URI.create(gateway.url() + "/authentication"))
                                    .header("Content-Type", "application/json")
                                    .POST(
                                            BodyPublishers.ofString(
                                                    "{\"strategy\":\"local\",\"email\":\"b@x\","
                                                            + "\"password\":\"no\"}"))
                                    .build(),
                            BodyHandlers.ofString()));
        }
        assertThat(get("/open/1", "").statusCode()).isEqualTo(200);
        for (CompletableFuture<HttpResponse<String>> each : logins) {
            assertThat(each.get().statusCode()).isIn(401, 503);
        }
    }

    @Test
    void hookRefusesAndWhatItThrowsShowsNothing() throws Exception {
        assertThat(get("/open/hidden", "").statusCode()).isEqualTo(403);
        HttpResponse<String> broken = get("/open/broken", "");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).doesNotContain("planned");
    }

    @Test
    void gatewayThatOthersReachNeedsALoginOrSaysThatItIsOpen() {
        assertThatThrownBy(() -> Gateway.on(mesh).port(0).host("0.0.0.0").start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("openToAll");
        try (OpenGateway open = Gateway.on(mesh).port(0).host("0.0.0.0").openToAll().start();
                OpenGateway login = gateway(1, 1).host("0.0.0.0").start()) {
            assertThat(open.port()).isNotEqualTo(login.port());
        }
        assertThatThrownBy(() -> Gateway.on(mesh).authentication(Authentication.hs256(SECRET)))
                .hasMessageContaining("users(");
        assertThatThrownBy(() -> Authentication.hs256("short")).hasMessageContaining("32 bytes");
    }
}
