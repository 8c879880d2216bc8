package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretFile;
import io.tuli.secret.SecretText;
import io.tuli.secret.TestAuthority;
import io.tuli.secret.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who came, was denied or put out, and what operators change: one can read it afterwards. */
class AuditMeshTest {

    private static final String KEY = "a-key-nobody-reads";
    private static final String VALUE = "a-value-nobody-reads";

    @TempDir Path directory;

    private final TestAuthority authority = new TestAuthority("ours");
    private final TestMeshes meshes = new TestMeshes();
    private final AuditLines lines = new AuditLines();

    @AfterEach
    void close() {
        meshes.close();
        lines.close();
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> certificate(String who) {
        Map<String, String> settings = authority.settings(directory, meshes.name(), who);
        settings.put("files.look", "50ms");
        return settings;
    }

    private static Service<String> sending(Mesh mesh) {
        return mesh.use(ServiceConfig.of("carts", String.class).withoutReplica());
    }

    private void awaitLine(String kind, String who, String what) {
        await().atMost(TestMeshes.SOON)
                .untilAsserted(
                        () ->
                                assertThat(lines.of(kind, who))
                                        .anyMatch(line -> line.contains(what)));
    }

    private void assertNothingIsGivenAway() {
        assertThat(lines.all()).noneMatch(line -> line.contains(KEY) || line.contains(VALUE));
    }

    @Test
    void rightsThatAreMissingAndWhatOperatorsChange() {
        Map<String, String> settings = certificate("server/s");
        settings.put("access.rules", file("access.rules", "client carts r").toString());
        meshes.join(builder -> builder.settings(settings)).serve("carts", String.class);
        Service<String> web =
                sending(
                        meshes.join(
                                builder -> builder.client().settings(certificate("client/web"))));
        Map<String, String> operators = certificate("operator/ann");
        operators.put("role", "operator");
        Service<String> ann = sending(meshes.join(builder -> builder.client().settings(operators)));

        assertThatThrownBy(() -> web.update(KEY, VALUE).reply().join())
                .hasMessageContaining("needs=w");
        ann.update(KEY, VALUE).reply().join();
        file("access.rules", "client carts rw");

        awaitLine("JOIN", "client/web/", "address=");
        awaitLine("DENY", "client/web/", "verb=update");
        awaitLine("WRITE", "operator/ann/", "verb=update");
        awaitLine("EXPIRE", "client/web/", "its rights have changed");
        assertThat(lines.of("WRITE", "client/web/")).isEmpty();
        assertThat(lines.of("DENY", "operator/ann/")).isEmpty();
        assertNothingIsGivenAway();
    }

    @Test
    void tokensThatEndAndStrangersThatAreRefused() {
        String secret = SecretText.generate();
        meshes.join(builder -> builder.secret(secret)).serve("carts", String.class);
        Token.Claims claims =
                new Token.Claims(
                        "brief",
                        Role.CLIENT,
                        Instant.now().plus(Duration.ofSeconds(4)),
                        Map.of("carts", "r"));
        Token token = Token.of(Token.Claims.read(claims.bytes()), Secret.of(secret, meshes.name()));
        Path its = directory.resolve("token");
        SecretFile.write(its, token.text());
        Mesh brief =
                meshes.join(
                        builder -> builder.client().settings(Map.of("token.file", its.toString())));
        assertThatThrownBy(() -> sending(brief).update(KEY, VALUE).reply().join())
                .hasMessageContaining("by=its token");
        assertThatThrownBy(
                        () ->
                                meshes.join(
                                        builder -> builder.client().secret(SecretText.generate())))
                .hasMessageContaining("secret");

        awaitLine("DENY", "client/brief/", "verb=update");
        awaitLine("EXPIRE", "client/brief/", "its token has ended");
        awaitLine("REFUSE", "unknown", "reason=SECRET");
        List<String> all = lines.all();
        assertThat(all).noneMatch(line -> line.contains(secret) || line.contains(token.text()));
        assertNothingIsGivenAway();
    }
}
