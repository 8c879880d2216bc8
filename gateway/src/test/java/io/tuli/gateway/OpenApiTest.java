package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.ServiceConfig;
import io.tuli.http.RawHttp;
import io.tuli.node.Tuli;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a gateway says of its services in OpenAPI 3.1: all that can be called, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {

    private static final JsonMapper JSON = new JsonMapper();

    private Mesh mesh;
    private OpenGateway gateway;

    @BeforeAll
    void start() {
        mesh = Tuli.join("openapi-" + UUID.randomUUID());
        mesh.serve(
                Resource.documents("todos", Object.class)
                        .method("finish", (message, context) -> true)
                        .config());
        mesh.serve(Resource.documents("users", Object.class).config());
        mesh.serve(Resource.documents("area.places", Object.class).config());
        mesh.serve(Resource.of("hidden").method("find", (message, context) -> 1).config());
        mesh.serve(odd());
        mesh.serve(ServiceConfig.of("plain", Object.class));
        gateway =
                Gateway.on(mesh)
                        .port(0)
                        .expose("todos", "users", "area.places", "odd", "plain", "later")
                        .many("todos")
                        .methods("users", "create", "find", "nothing it has")
                        .authentication(
                                Authentication.hs256("a secret of at least 32 bytes, kept")
                                        .users("users", "email", "password"))
                        .start();
    }

    /** Its methods and events are called as nobody calls theirs. */
    private static ServiceConfig<?> odd() {
        ServiceConfig<?> config = Resource.of("odd").method("ok", (message, context) -> 1).config();
        return config.describe(
                config.description()
                        .application("<script>alert(1)</script>")
                        .version("\"1\", $ref")
                        .methods("</script>", "a b", "$ref", "#/components")
                        .events("€ \"quoted\"", "__proto__"));
    }

    @AfterAll
    void close() {
        gateway.close();
        mesh.close();
    }

    private RawHttp.Answer ask(String method) throws Exception {
        try (RawHttp http = new RawHttp(gateway.port())) {
            return http.ask(method, "/openapi.json").answer(!method.equals("HEAD"));
        }
    }

    private JsonNode document() throws Exception {
        RawHttp.Answer answer = ask("GET");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("application/json");
        return JSON.readTree(answer.body());
    }

    @Test
    void itIsValidByThePublishedSchema() throws Exception {
        SchemaRegistry registry =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        try (InputStream file = getClass().getResourceAsStream("/openapi/schema-3.1.json")) {
            Schema schema = registry.getSchema(JSON.readTree(file));

            assertThat(schema.validate(document())).isEmpty();
            assertThat(schema.validate(JSON.readTree("{\"openapi\":\"3.1.1\",\"info\":{}}")))
                    .as("the schema finds faults")
                    .isNotEmpty();
        }
    }

    @Test
    void onlyWhatIsExposedAndServedShows() throws Exception {
        JsonNode paths = document().get("paths");

        assertThat(paths.propertyNames())
                .containsExactlyInAnyOrder(
                        "/todos",
                        "/todos/{id}",
                        "/users",
                        "/area/places",
                        "/area/places/{id}",
                        "/odd",
                        "/plain",
                        "/plain/{id}",
                        "/authentication",
                        "/health/ready");
        assertThat(paths.get("/todos").propertyNames())
                .as("many are allowed")
                .containsExactlyInAnyOrder("get", "post", "patch", "delete");
        assertThat(paths.get("/area/places").propertyNames())
                .containsExactlyInAnyOrder("get", "post");
        assertThat(paths.get("/users").propertyNames())
                .as("of its methods two may be called")
                .containsExactlyInAnyOrder("get", "post");
        assertThat(document().toString()).doesNotContain("hidden", "nothing it has");
    }

    @Test
    void ownMethodsAndEventsAreToldWhateverTheyAreCalled() throws Exception {
        JsonNode document = document();
        JsonNode finish = document.at("/paths/~1todos/post/parameters/0");

        assertThat(finish.get("name").asString()).isEqualTo("X-Service-Method");
        assertThat(finish.at("/schema/enum").toString()).isEqualTo("[\"finish\"]");
        assertThat(finish.get("required").asBoolean()).isFalse();
        assertThat(document.at("/paths/~1todos/get/x-events").toString())
                .isEqualTo("[\"created\",\"patched\",\"removed\",\"updated\"]");
        JsonNode odd = document.at("/paths/~1odd/post/parameters/0");
        assertThat(odd.at("/schema/enum").toString())
                .as("what cannot be sent as a header is no method")
                .isEqualTo("[\"ok\"]");
        assertThat(odd.get("required").asBoolean()).as("it cannot be created").isTrue();
    }

    @Test
    void everyOperationHasANameOfItsOwn() throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode path : document().get("paths")) {
            for (JsonNode operation : path) {
                if (operation.has("operationId")) {
                    names.add(operation.get("operationId").asString());
                }
            }
        }

        assertThat(names).contains("todos:find", "area/places:get").doesNotHaveDuplicates();
    }

    @Test
    void itIsReadAndNothingElse() throws Exception {
        assertThat(ask("HEAD").status()).isEqualTo(200);
        for (String method : List.of("POST", "PUT", "DELETE")) {
            assertThat(ask(method).status()).as(method).isEqualTo(405);
        }
    }
}
