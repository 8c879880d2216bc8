package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.handshake.Refusal;
import io.tuli.secret.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights to single services, over sockets, by the names in certificates. */
class AccessMeshTest {

    @TempDir Path directory;

    private final TestAuthority authority = new TestAuthority("ours");
    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    private Map<String, String> certificate(String who) {
        Map<String, String> settings = authority.settings(directory, meshes.name(), who);
        settings.put("files.look", "50ms");
        return settings;
    }

    private Path rules(String... lines) {
        try {
            return Files.writeString(directory.resolve("access.rules"), String.join("\n", lines));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Mesh server(String name, String... lines) {
        Map<String, String> settings = certificate("server/" + name);
        settings.put("access.rules", rules(lines).toString());
        return meshes.join(builder -> builder.settings(settings));
    }

    private Mesh client(String who) {
        Map<String, String> settings = certificate(who);
        return meshes.join(builder -> builder.client().settings(settings));
    }

    private static <T> Service<T> sending(Mesh mesh, String name, Class<T> type) {
        return mesh.use(ServiceConfig.of(name, type).withoutReplica());
    }

    @Test
    void aRuleLetsAClientDoWhatItSaysAndNothingElse() {
        Mesh server = server("s", "client:web-* carts rw", "client:batch orders rf");
        server.serve("carts", String.class);
        server.serve("orders", String.class).update("k", "v").reply().join();

        Mesh web = client("client/web-1");
        Service<String> carts = sending(web, "carts", String.class);
        carts.update("k", "v").reply().join();
        assertThat(carts.read("k", String.class).reply().join()).isEqualTo("v");
        assertDenied(
                () -> carts.all().send(Message.of("COUNT")).reply().join(),
                "role=client verb=COUNT needs=a has=rw by=access.rules line 1 name=web-1");
        assertDenied(
                () -> sending(web, "orders", String.class).read("k", String.class).reply().join(),
                "verb=$read needs=r has=- by=no rule is for this member");

        Mesh batch = client("client/batch");
        Service<String> orders = TestMeshes.synced(batch.use("orders", String.class));
        assertThat(orders.get("k", String.class)).isEqualTo("v");
        assertDenied(() -> orders.update("k", "w").reply().join(), "needs=w has=rf");
    }

    private static void assertDenied(Runnable call, String why) {
        assertThatThrownBy(call::run)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TuliException.class,
                        denied -> {
                            assertThat(denied.failure()).isEqualTo(Failure.NOT_AUTHORISED);
                            assertThat(denied).hasMessageContaining(why);
                        });
    }

    @Test
    void whoMayNotFollowIsToldAndSendsAllTheSame() {
        Mesh server = server("s", "client carts rw");
        server.serve("carts", String.class);
        Mesh web = client("client/web-1");
        Service<String> carts = web.use("carts", String.class);

        assertNotFollowed(carts);
        assertThatThrownBy(carts::state).hasMessageContaining("needs=f has=rw");
        assertThatThrownBy(carts::feed).hasMessageContaining("needs=f has=rw");
        assertThatThrownBy(() -> carts.get("k", String.class)).hasMessageContaining("needs=f");
        carts.update("k", "v").reply().join();
        assertThat(carts.read("k", String.class).reply().join()).isEqualTo("v");
    }

    private static void assertNotFollowed(Service<?> service) {
        await().atMost(TestMeshes.SOON)
                .untilAsserted(
                        () ->
                                assertThatThrownBy(() -> service.awaitSync(TestMeshes.SOON))
                                        .isInstanceOfSatisfying(
                                                TuliException.class,
                                                denied ->
                                                        assertThat(denied.failure())
                                                                .isEqualTo(Failure.NOT_AUTHORISED))
                                        .hasMessageContaining("use it withoutReplica()"));
    }

    @Test
    void rulesAreChangedWhileMembersRun() {
        Mesh server = server("s", "client carts rwf");
        Service<String> served = server.serve("carts", String.class);
        Service<String> used = TestMeshes.synced(client("client/web").use("carts", String.class));
        used.update("k", "v").reply().join();

        rules("client carts r");
        assertNotFollowed(used);
        served.update("k", "not seen").reply().join();
        assertDenied(() -> used.update("k", "w").reply().join(), "needs=w has=r");

        rules("client carts rwf");
        await().atMost(TestMeshes.SOON)
                .ignoreExceptions()
                .until(() -> "not seen".equals(used.get("k", String.class)));
        used.update("k", "w").reply().join();
    }

    @Test
    void aServiceSaysItselfWhoMayUseItAndWhichVerbsRead() {
        Mesh server = server("s");
        server.serve(
                ServiceConfig.of("carts", String.class)
                        .handler(
                                (message, turn) ->
                                        switch (message.verb()) {
                                            case "LOOK" -> turn.value(message.key(), String.class);
                                            case "LIE" -> {
                                                turn.update(message.key(), "changed");
                                                yield "done";
                                            }
                                            default -> turn.pass();
                                        })
                        .reads("LOOK", "LIE")
                        .allow("client:web-*", "rw")
                        .allow("client", "r"));
        Service<String> web = sending(client("client/web-1"), "carts", String.class);
        Service<String> other = sending(client("client/other"), "carts", String.class);
        web.update("k", "v").reply().join();

        assertThat(other.key("k").send(Message.of("LOOK")).reply().join()).isEqualTo("v");
        assertDenied(() -> other.update("k", "w").reply().join(), "by=allow of the service");
        assertThatThrownBy(() -> other.key("k").send(Message.of("LIE")).reply().join())
                .cause()
                .hasMessageContaining("a verb that is declared to read changes nothing");
        assertThat(other.read("k", String.class).reply().join()).isEqualTo("v");
    }

    @Test
    void whatIsWrongIsToldAtOnce() {
        assertThatThrownBy(() -> server("s", "client:web- carts q"))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        wrong -> assertThat(wrong.failure()).isEqualTo(Failure.BAD_REQUEST))
                .hasMessageContaining("line 1: rights are letters of rwaf");
        Mesh server = server("t");
        assertThatThrownBy(
                        () ->
                                server.serve(
                                        ServiceConfig.of("carts", String.class)
                                                .allow("read-only", "rw")))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        wrong -> assertThat(wrong.failure()).isEqualTo(Failure.BAD_REQUEST))
                .hasMessageContaining("members of role read-only have rf at most");
        assertThatCode(() -> server.serve("carts", String.class)).doesNotThrowAnyException();
    }

    @Test
    void whoGoesOnAskingIsPutOut() {
        Mesh server = server("s", "client carts r");
        server.serve("carts", String.class);
        Service<String> used = sending(client("client/web"), "carts", String.class);
        assertThat(used.read("k", String.class).reply().orTimeout(20, TimeUnit.SECONDS).join())
                .isNull();
        for (int i = 0; i < 101; i++) {
            used.update("k", "w");
        }
        await().atMost(TestMeshes.SOON)
                .until(
                        () ->
                                TestMeshes.context(server)
                                                .transport()
                                                .refused()
                                                .get(Refusal.FORBIDDEN_FRAME)
                                        > 0);
    }
}
