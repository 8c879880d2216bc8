package io.tuli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every command does its work and says what it must, however little work it is given. */
@Tag("slow")
class BenchTest {

    /** What a result of messages says. */
    private static final List<String> FIGURES =
            List.of(
                    "perSecond",
                    "p50Micros",
                    "p99Micros",
                    "cpuMicrosPerMessage",
                    "callsPerMessage",
                    "switchesPerMessage",
                    "clientBytesPerMessage",
                    "serverBytesPerMessage");

    @TempDir private Path directory;

    /** Runs a command with next to nothing to do; answers its document. */
    private JsonNode ran(String... words) throws IOException {
        Path json = directory.resolve("result.json");
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--warmup", "0", "--rounds", "1", "--count", "500", "--heap", "128m"));
        all.addAll(List.of("--json", json.toString()));

        assertThat(Bench.run(all)).as("exit code of " + all).isZero();
        return new JsonMapper().readTree(Files.readString(json));
    }

    private static List<String> texts(JsonNode document, String field) {
        List<String> texts = new ArrayList<>();
        document.get("results").forEach(each -> texts.add(each.get(field).asString()));
        return texts;
    }

    private static void assertFigures(JsonNode document) {
        assertThat(document.get("machine").propertyNames()).contains("jvm", "congestionControl");
        assertThat(document.get("flags")).isNotEmpty();
        for (JsonNode each : document.get("results")) {
            assertThat(each.propertyNames()).containsAll(FIGURES);
            assertThat(each.get("perSecond").asDouble()).isPositive();
            assertThat(each.get("p99Micros").asDouble()).isPositive();
        }
    }

    @Test
    void aSweepHasARowForEachStepAndWork() throws IOException {
        JsonNode document =
                ran("sweep", "--over", "clients,keys", "--steps", "1,2", "--keys", "64");

        assertFigures(document);
        assertThat(texts(document, "over")).containsOnly("clients", "keys").hasSize(8);
        assertThat(document.get("results").get(0).get("ofFirst").asDouble()).isEqualTo(1);
        assertThat(document.get("results").get(6).get("keys").asInt()).isEqualTo(2);
        assertThat(document.get("results").get(6).get("bytesPerKey").isNumber()).isTrue();
    }

    @Test
    void aSweepGoesOverServicesAndMembersToo() throws IOException {
        JsonNode document =
                ran("sweep", "--over", "services,members", "--steps", "1,2", "--keys", "64");

        assertThat(texts(document, "over")).containsOnly("services", "members").hasSize(8);
    }

    @Test
    void anOverloadSaysWhatBecameOfEachMessage() throws IOException {
        JsonNode document = ran("overload", "--keys", "400", "--seconds", "1");

        for (JsonNode each : document.get("results")) {
            long ended =
                    each.get("answered").asLong()
                            + each.get("refused").asLong()
                            + each.get("heldBack").asLong()
                            + each.get("failed").asLong();
            assertThat(ended).isEqualTo(each.get("offered").asLong()).isPositive();
            assertThat(each.get("liveMiBAfter").asDouble()).isPositive();
        }
    }

    @Test
    void veryManyConnectionsSayWhatTheyCostAndMissNothing() throws IOException {
        JsonNode all = ran("gateway", "connections", "--clients", "10", "--seconds", "1");
        JsonNode told = all.get("results").get(0);

        assertThat(told.get("idle").asInt()).isEqualTo(500);
        assertThat(told.get("heapBytesPerIdle").asInt()).as("of few").isLessThan(20_000);
        assertThat(told.get("idleLost").asInt()).isZero();
        assertThat(told.get("delivered").asInt()).isPositive();
        assertThat(told.get("missing").asInt()).isZero();
        assertThat(told.get("outOfOrder").asInt()).isZero();
        assertThat(told.get("answered")).isEqualTo(told.get("calls"));
    }

    @Test
    void aStartIsTimedUntilTheFirstAnswer() throws IOException {
        JsonNode document = ran("startup");

        assertThat(texts(document, "who"))
                .startsWith(
                        "a member, alone",
                        "a second member",
                        "a member, alone, with a cache",
                        "a second member, with a cache");
        assertThat(document.get("results").get(0).get("usableMillis").asLong()).isPositive();
    }

    @Test
    void coldMessagesStandBesideWarmOnes() throws IOException {
        JsonNode document = ran("cold");

        assertFigures(document);
        assertThat(texts(document, "processes")).containsExactly("cold", "warm", "cold", "warm");
    }

    @Test
    void latencyOfAUnixSocketStandsBesideItsFloor() throws IOException {
        JsonNode document = ran("latency", "--link", "unix", "--rates", "100", "--seconds", "1");

        assertFigures(document);
        assertThat(texts(document, "system"))
                .containsOnly("tuli inline, Unix socket", "raw, Unix socket");
    }

    @Test
    void aComparisonSaysWhatWasColdAndWhatWasNotRun() throws IOException {
        JsonNode document = ran("compare", "--seconds", "1", "--peers", "unix");

        assertFigures(document);
        assertThat(texts(document, "system")).contains("Tuli update", "plain Unix sockets");
        assertThat(document.get("results").get(0).get("cold").get("perSecond").asLong())
                .isPositive();
        assertThat(document.get("notRun")).isNotNull();
    }
}
