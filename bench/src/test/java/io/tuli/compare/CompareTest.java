package io.tuli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.run.Options;
import io.tuli.run.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A peer that fails is left out, and the others' rounds go on. */
@Tag("slow")
class CompareTest {

    private static final Contender OURS = FailingPeer.steady("ours");

    @TempDir private Path directory;

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    /** Four rounds; answers the document. */
    private JsonNode compared(String sizes, Contender... peers) throws IOException {
        Path json = directory.resolve("result.json");
        List<String> words = new ArrayList<>(List.of("compare", "--rounds", "4", "--warmup", "0"));
        words.addAll(List.of("--count", "10", "--heap", "64m", "--json", json.toString()));
        words.addAll(List.of("--size", sizes));
        words.addAll(List.of("--markdown", directory.resolve("result.md").toString()));
        Options options = Options.parse(words);
        PrintStream out = new PrintStream(terminal, true, StandardCharsets.UTF_8);
        Report report = new Report(out, options);
        new Compare(List.of(peers), options, report, directory).run();
        report.close();
        return new JsonMapper().readTree(Files.readString(json));
    }

    private static List<String> systems(JsonNode document) {
        List<String> systems = new ArrayList<>();
        document.get("results").forEach(each -> systems.add(each.get("system").asString()));
        return systems;
    }

    private void assertAllSay(String... texts) throws IOException {
        assertThat(terminal.toString(StandardCharsets.UTF_8)).contains(texts);
        assertThat(Files.readString(directory.resolve("result.md"))).contains(texts);
    }

    @Test
    void aPeerThatFailsInRoundTwoIsLeftOutAndItsOnlyRoundDropped() throws IOException {
        Contender peer = FailingPeer.failing("peer", "ours", 2, "says so");

        JsonNode document = compared("100", OURS, peer);

        assertThat(systems(document)).containsExactly("ours");
        assertThat(document.get("results").get(0).get("rounds")).hasSize(4);
        JsonNode left = document.get("leftOut").get(0);
        assertThat(left.get("system").asString()).isEqualTo("peer");
        assertThat(left.get("round").asInt()).isEqualTo(2);
        assertThat(left.get("why").asString()).contains("could not run", "out of order");
        assertThat(left.get("roundsAreKept").asBoolean()).isFalse();
        assertAllSay("peer was left out from round 2 with 100 B on: ", "out of order");
    }

    @Test
    void aPeerThatEndsInRoundFourKeepsTheRoundsOfARatio() throws IOException {
        Contender peer = FailingPeer.failing("peer", "ours", 4, "ends");

        JsonNode document = compared("100", OURS, peer);

        assertThat(systems(document)).containsExactly("ours", "peer");
        JsonNode kept = document.get("results").get(1);
        assertThat(kept.get("rounds")).hasSize(3);
        assertThat(kept.get("tuliIsTimesAsFast").asString()).contains(" of 3)");
        assertThat(document.get("leftOut").get(0).get("roundsAreKept").asBoolean()).isTrue();
        assertAllSay(
                "peer was left out from round 4 with 100 B on: ",
                "ended while it was to run",
                "its 3 finished rounds are in the table");
    }

    @Test
    void whoIsLeftOutIsNotStartedForTheNextSize() throws IOException {
        Contender cannotStart = FailingPeer.failing("early", "ours", 1, "says so");
        Contender peer = FailingPeer.failing("late", "ours", 4, "says so");

        JsonNode document = compared("20,100", OURS, cannotStart, peer);

        assertThat(systems(document)).containsExactly("ours", "late", "ours");
        assertThat(document.get("leftOut")).hasSize(2);
        assertThat(document.get("leftOut").get(0).get("round").asInt()).isZero();
        assertAllSay("early was not run from 20 B on: ");
    }

    @Test
    void withoutTuliThereIsNothingToCompareWith() {
        Contender ours = FailingPeer.failing("ours", "", 2, "says so");

        assertThatThrownBy(() -> compared("100", ours)).hasMessageContaining("out of order");
    }

    @Test
    void nothingIsStartedWhereMemoryDoesNotSuffice() {
        Options options = Options.parse(List.of("compare", "--heap", "9000g"));
        Report report = new Report(new PrintStream(terminal), options);
        Compare compare = new Compare(List.of(OURS), options, report, directory);

        assertThatThrownBy(compare::run).hasMessageContaining("take a smaller --heap");
    }
}
