package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.http.RawHttp;
import io.tuli.node.Tuli;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Files that a gateway gives out beside its services. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {

    private static final String HTML = "text/html; charset=utf-8";
    private static final byte[] FILE = "<!doctype html><p>€".getBytes(StandardCharsets.UTF_8);

    private Mesh mesh;
    private OpenGateway gateway;

    @BeforeAll
    void start() {
        mesh = Tuli.join("pages-" + UUID.randomUUID());
        mesh.serve(Resource.documents("todos", Object.class).config());
        gateway =
                Gateway.on(mesh)
                        .port(0)
                        .expose("todos")
                        .page("/", HTML, FILE)
                        .page("/todos", HTML, FILE)
                        .start();
    }

    @AfterAll
    void close() {
        gateway.close();
        mesh.close();
    }

    private RawHttp.Answer ask(String method, String target, String... headers) throws Exception {
        try (RawHttp http = new RawHttp(gateway.port())) {
            return http.ask(method, target, headers).answer(!method.equals("HEAD"));
        }
    }

    @Test
    void aPageIsGivenOutWithAStrictPolicyAndAgainOnlyWhereItHasChanged() throws Exception {
        RawHttp.Answer page = ask("GET", "/?reload=1");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).isEqualTo(new String(FILE, StandardCharsets.UTF_8));
        assertThat(page.header("content-type")).isEqualTo(HTML);
        assertThat(page.header("content-security-policy"))
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        String tag = page.header("etag");
        RawHttp.Answer known = ask("GET", "/", "If-None-Match: " + tag);
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertThat(ask("GET", "/", "If-None-Match: \"other\"").status()).isEqualTo(200);
        assertThat(ask("HEAD", "/").header("content-length"))
                .isEqualTo(String.valueOf(FILE.length));
    }

    @Test
    void aPageAtTheServicesPathHidesItFromReadersAlone() throws Exception {
        assertThat(ask("GET", "/todos").body()).startsWith("<!doctype html>");
        assertThat(ask("GET", "/todos/1").status()).isEqualTo(404);
        assertThat(ask("DELETE", "/todos/1").status()).isEqualTo(404);
        assertThat(ask("POST", "/todos", "Content-Type: application/json").status()).isEqualTo(201);
    }

    @Test
    void whatIsNoPageIsNotLookedForOnTheDisk() throws Exception {
        List<String> odd =
                List.of("/../etc/passwd", "/%2e%2e/etc/passwd", "//", "/index.html", "/todos%00");
        for (String each : odd) {
            assertThat(ask("GET", each).status()).as(each).isIn(400, 404);
        }
    }

    @Test
    void aPathOrTypeThatCouldNotBeAskedForIsRefused() {
        Gateway other = Gateway.on(mesh);
        for (String path : List.of("", "index.html", "/a//b", "/a/", "/a b", "/a?b", "/ä")) {
            assertThatThrownBy(() -> other.page(path, HTML, FILE))
                    .as(path)
                    .hasMessageContaining("a page's path is");
        }
        for (String type : List.of("", "html", "text/html\r\nX-Odd: 1")) {
            assertThatThrownBy(() -> other.page("/", type, FILE))
                    .as(type)
                    .hasMessageContaining("a type is as");
        }
    }
}
