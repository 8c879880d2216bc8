package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.handshake.Refusal;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretFile;
import io.tuli.secret.SecretText;
import io.tuli.secret.TestTokens;
import io.tuli.secret.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has a token does what it says, until it ends, and nothing else; over sockets. */
class TokenMeshTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();
    private final String secret = SecretText.generate();
    private int files;

    @AfterEach
    void close() {
        meshes.close();
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Mesh server() {
        Path revoked = directory.resolve("revoked");
        if (!Files.exists(revoked)) {
            file("revoked", "# none\n");
        }
        Map<String, String> settings = new HashMap<>();
        settings.put("tokens.revoked", revoked.toString());
        settings.put("files.look", "50ms");
        return meshes.join(builder -> builder.secret(secret).settings(settings));
    }

    private Token token(String id, Role role, Duration life, Map<String, String> services) {
        return token(id, role, life, services, secret);
    }

    private Token token(
            String id, Role role, Duration life, Map<String, String> services, String of) {
        Token.Claims claims = new Token.Claims(id, role, Instant.now().plus(life), services);
        Token.Claims whole = Token.Claims.read(claims.bytes());
        return Token.of(whole, Secret.of(of, meshes.name()));
    }

    private Mesh client(Token token) {
        return client(token.text());
    }

    private Mesh client(String token) {
        Path file = directory.resolve("token-" + files++);
        SecretFile.write(file, token);
        return meshes.join(
                builder -> builder.client().settings(Map.of("token.file", file.toString())));
    }

    private static <T> Service<T> sending(Mesh mesh, String name, Class<T> type) {
        return mesh.use(ServiceConfig.of(name, type).withoutReplica());
    }

    private static void assertDenied(Runnable call, String why) {
        assertThatThrownBy(call::run)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TuliException.class,
                        denied -> assertThat(denied.failure()).isEqualTo(Failure.NOT_AUTHORISED))
                .hasMessageContaining(why);
    }

    @Test
    void aTokenIsForItsServicesAndForNothingElse() {
        Mesh server = server();
        server.serve("carts", String.class);
        server.serve("orders", String.class).update("k", "v").reply().join();
        server.serve("others", String.class);
        long views = TestMeshes.context(server).membership().groupViews();

        Mesh web = client(token("web-1", Role.CLIENT, DAY, Map.of("carts", "rw", "orders", "rf")));
        Service<String> carts = sending(web, "carts", String.class);
        carts.update("k", "v").reply().join();
        assertThat(carts.read("k", String.class).reply().join()).isEqualTo("v");
        Service<String> orders = TestMeshes.synced(web.use("orders", String.class));
        assertThat(orders.get("k", String.class)).isEqualTo("v");

        assertDenied(
                () -> orders.update("k", "w").reply().join(),
                "role=client verb=update needs=w has=rf by=its token name=web-1");
        assertDenied(
                () -> sending(web, "others", String.class).read("k", String.class).reply().join(),
                "needs=r has=- by=its token");
        assertDenied(() -> carts.all().send(Message.of("COUNT")).reply().join(), "needs=a");
        assertThat(server.members()).contains(web.self());
        assertThat(TestMeshes.context(server).membership().groupViews()).isEqualTo(views);
    }

    @Test
    void aRoleIsTheTokensWhateverItsServicesSay() {
        Mesh server = server();
        server.serve("carts", String.class);
        Mesh reader = client(token("eve", Role.READ_ONLY, DAY, Map.of("*", "rwaf")));
        Service<String> carts = TestMeshes.synced(reader.use("carts", String.class));
        assertDenied(() -> carts.update("k", "v").reply().join(), "has=rf by=its token name=eve");

        Mesh operator = client(token("ann", Role.OPERATOR, DAY, Map.of("*", "r")));
        sending(operator, "carts", String.class);
        assertThat(operator.reports("carts", Duration.ofSeconds(10))).isNotEmpty();
    }

    @Test
    void whatIsNoTokenOfTheMeshGetsNobodyIn() {
        Mesh server = server();
        server.serve("carts", String.class);
        Map<String, String> some = Map.of("carts", "r");
        Token good = token("web-1", Role.CLIENT, DAY, some);
        Token.Claims all =
                new Token.Claims(
                        "web-1", Role.OPERATOR, good.claims().until(), Map.of("*", "rwaf"));

        assertRefused(token("web-1", Role.CLIENT, DAY, some, SecretText.generate()).text());
        assertRefused(TestTokens.raised(good.text(), all));
        file("revoked", "web-1 # lost\n");
        await().atMost(TestMeshes.SOON).untilAsserted(() -> assertRefused(good.text()));
        client(token("web-2", Role.CLIENT, DAY, some));
    }

    private void assertRefused(String token) {
        assertThatThrownBy(() -> client(token))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(Failure.NOT_AUTHORISED))
                .hasMessageContaining("the mesh must let this member in");
    }

    @Test
    void whatCannotBeIsToldBeforeAnybodyIsDialed() {
        Map<String, String> some = Map.of("carts", "r");
        Token ended = token("web-1", Role.CLIENT, Duration.ofSeconds(-5), some);
        assertWrong(ended.text(), Map.of(), "a token must not have ended: until=");
        String good = token("web-1", Role.CLIENT, DAY, some).text();
        assertWrong(good, Map.of("role", "operator"), "a token must be for the role");
        assertWrong(good, Map.of("secret", secret), "who has a token needs nothing else");
        assertWrong(good + "x", Map.of(), "`tuli token new` printed it");
        Path file = directory.resolve("of-server");
        SecretFile.write(file, good);
        Map<String, String> settings = Map.of("token.file", file.toString());
        assertThatThrownBy(() -> meshes.join(builder -> builder.settings(settings)))
                .hasMessageContaining("a token is for clients, and this member serves");
    }

    private void assertWrong(String token, Map<String, String> more, String why) {
        Path file = directory.resolve("wrong-" + files++);
        SecretFile.write(file, token);
        Map<String, String> settings = new HashMap<>(more);
        settings.put("token.file", file.toString());
        assertThatThrownBy(() -> meshes.join(builder -> builder.client().settings(settings)))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        wrong -> assertThat(wrong.failure()).isEqualTo(Failure.BAD_REQUEST))
                .hasMessageContaining(why);
    }

    @Test
    void aTokenEndsALinkThatIsThereWhenItEndsOrIsRevokedAndOthersNoticeNothing() throws Exception {
        Mesh server = server();
        Service<Long> served = server.serve("counts", Long.class);
        Service<Long> used =
                TestMeshes.synced(
                        client(token("good", Role.CLIENT, DAY, Map.of("counts", "rwf")))
                                .use("counts", Long.class));
        Writers writers = new Writers(List.of(used, used, used, used));
        writers.awaitMore();

        Mesh brief = client(token("brief", Role.CLIENT, Duration.ofSeconds(4), Map.of("*", "r")));
        Mesh lost = client(token("lost", Role.CLIENT, DAY, Map.of("*", "r")));
        assertThat(server.members()).contains(brief.self(), lost.self());
        file("revoked", "lost\n");
        await().atMost(TestMeshes.SOON).until(() -> !server.members().contains(lost.self()));
        await().atMost(TestMeshes.SOON).until(() -> !server.members().contains(brief.self()));
        await().atMost(TestMeshes.SOON)
                .until(
                        () ->
                                TestMeshes.context(server).transport().refused().get(Refusal.TOKEN)
                                        > 0);
        writers.awaitMore();
        writers.finishOf(served);
    }

    @Test
    void aNameIsOfOneHolderAlone() {
        Mesh server = server();
        Service<Long> served = server.serve("counts", Long.class);
        Map<String, String> rights = Map.of("counts", "rw");
        Service<Long> one =
                sending(client(token("one", Role.CLIENT, DAY, rights)), "counts", Long.class);
        Service<Long> two =
                sending(client(token("two", Role.CLIENT, DAY, rights)), "counts", Long.class);
        Message named = Message.of("increment", 1).key("k").id(RequestId.named("order-7"));

        assertThat(one.send(named, Long.class).reply().join()).isEqualTo(1);
        assertThat(one.send(named, Long.class).reply().join()).isEqualTo(1);
        assertThat(two.send(named, Long.class).reply().join()).isEqualTo(2);
        assertThat(served.send(named, Long.class).reply().join()).isEqualTo(3);
    }
}
