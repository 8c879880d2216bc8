package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.Verbs;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is saved is loaded again, to the byte; what is no whole snapshot changes nothing. */
class SnapshotCommandTest {

    private final String name = "snapshot-" + UUID.randomUUID();

    @TempDir Path directory;
    private Path file;
    private Mesh mesh;
    private Service<Payload> orders;
    private Service<Payload> copies;

    @BeforeEach
    void begin() {
        file = directory.resolve("orders.jsonl");
        mesh = Tuli.mesh(name).join();
        orders = mesh.serve("orders", Payload.class);
        copies = mesh.serve("copies", Payload.class);
    }

    @AfterEach
    void end() {
        mesh.close(Duration.ZERO);
    }

    private Ran snapshot(String... words) {
        List<String> line = new ArrayList<>(List.of("snapshot"));
        line.addAll(Arrays.asList(words));
        line.addAll(List.of("--mesh", name));
        return Ran.of(line.toArray(new String[0]));
    }

    private void set(String key, Payload value) {
        orders.update(Key.of(key), value).committed().join();
    }

    private static Map<String, Payload> all(Service<Payload> service) {
        return new LinkedHashMap<>(service.state());
    }

    @Test
    void whateverADocumentIsItIsLoadedAsItWasSaved() {
        set("plain", Payload.json("{\"a\":[1,2,{\"b\":null}]}"));
        set(
                "dots.and\\.more \"quoted\"\n\u001b \ud83d\ude00",
                Payload.json("\"\\u0000 \ud83d\ude00\""));
        set(",\"value\":", Payload.json("1e400"));
        set("exact", Payload.json("12345678901234567890.10"));
        set("nothing", Payload.NULL);
        set("bytes", Payload.opaque(new byte[] {0, -1, 10, 13, 34}));
        set("none", Payload.opaque(new byte[0]));
        String nest = "[".repeat(64) + "]".repeat(64);
        set("deep", Payload.json(nest));
        Map<String, Payload> saved = all(orders);

        Ran save = snapshot("save", "orders", file.toString());
        Ran load = snapshot("load", "copies", file.toString(), "--json");

        assertThat(save.out()).isEqualTo("8 documents of orders in " + file + "\n");
        assertThat(load.out())
                .isEqualTo(
                        "{\"ok\":true,\"service\":\"copies\",\"of\":\"orders\",\"documents\":8,"
                                + "\"loaded\":8,\"kept\":0,\"expired\":0}\n");
        assertThat(all(copies)).containsExactlyInAnyOrderEntriesOf(saved);
        assertThat(directory.toFile().list()).containsExactly("orders.jsonl");
    }

    @Test
    void whatGoesByItselfGoesWhenItWouldHaveGone() {
        Instant before = Instant.now();
        Message soon = Message.of(Verbs.UPDATE, 1).key("soon").expireAfter(Duration.ofHours(1));
        orders.send(soon, Payload.class).committed().join();
        set("never", Payload.json("2"));
        snapshot("save", "orders", file.toString());

        assertThat(snapshot("load", "copies", file.toString()).out())
                .isEqualTo("2 of 2 documents loaded into copies\n");

        Instant hour = before.plus(Duration.ofHours(1));
        assertThat(copies.expiresAt("soon").orElseThrow())
                .isBetween(hour.minusSeconds(2), hour.plusSeconds(60));
        assertThat(copies.expiresAt("never")).isEmpty();
    }

    @Test
    void whatHasExpiredInTheFileIsLeftOut() throws IOException {
        set("kept", Payload.json("1"));
        snapshot("save", "orders", file.toString());
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add(1, "{\"key\":\"gone\",\"expires\":\"2020-01-01T00:00:00Z\",\"value\":1}");
        lines.set(3, "{\"end\":2}");
        Files.write(file, lines);

        assertThat(snapshot("load", "copies", file.toString()).out())
                .isEqualTo("1 of 2 documents loaded into copies, 1 have expired\n");
        assertThat(all(copies)).containsOnlyKeys("kept");
    }

    @Test
    void thousandsAreLoadedAndWhereItIsSaidOnlyThoseThatAreMissing() {
        String text = "\"" + "x".repeat(500) + "\"";
        IntStream.range(0, 3_000)
                .mapToObj(i -> orders.update("o" + i, Payload.json(text)))
                .collect(Collectors.toList())
                .forEach(call -> call.committed().join());
        snapshot("save", "orders", file.toString());
        orders.update("o7", Payload.json("\"newer\"")).committed().join();
        orders.remove("o8").committed().join();

        Ran missing = snapshot("load", "orders", file.toString(), "--missing", "--ack", "owner");

        assertThat(missing.out())
                .isEqualTo("1 of 3,000 documents loaded into orders, 2999 were there\n");
        assertThat(orders.get("o7", Payload.class)).isEqualTo(Payload.json("\"newer\""));
        assertThat(orders.get("o8", Payload.class)).isEqualTo(Payload.json(text));
        assertThat(snapshot("load", "orders", file.toString()).code()).isZero();
        assertThat(orders.get("o7", Payload.class)).isEqualTo(Payload.json(text));
    }

    @Test
    void whatIsNoWholeSnapshotIsRefusedWithItsLineAndChangesNothing() throws IOException {
        set("a", Payload.json("1"));
        set("b", Payload.json("2"));
        snapshot("save", "orders", file.toString());
        List<String> whole = Files.readAllLines(file);

        refused("line=4", whole.subList(0, 3));
        refused("said=3", List.of(whole.get(0), whole.get(1), "{\"end\":3}"));
        refused("line=2", List.of(whole.get(0), "{\"key\":\"a\",\"value\":", "{\"end\":1}"));
        refused("has a key", List.of(whole.get(0), "{\"value\":1}", "{\"end\":1}"));
        refused("has a value", List.of(whole.get(0), "{\"key\":\"a\"}", "{\"end\":1}"));
        refused("Base64", List.of(whole.get(0), "{\"key\":\"a\",\"bytes\":\"?\"}", "{\"end\":1}"));
        refused("format=2", List.of("{\"tuli\":\"documents\",\"format\":2}", "{\"end\":0}"));
        refused("first line", List.of("hello"));
        refused("first line", List.of());
        assertThat(all(copies)).isEmpty();
    }

    private void refused(String why, List<String> lines) throws IOException {
        Files.write(file, lines);
        Ran ran = snapshot("load", "copies", file.toString());
        assertThat(ran.code()).as(ran.out()).isEqualTo(2);
        assertThat(ran.err()).contains(why);
    }

    @Test
    void aFileIsNeverOverwrittenAndOneThatIsMissingSaidSo() throws IOException {
        Files.writeString(file, "mine");

        Ran save = snapshot("save", "orders", file.toString());
        assertThat(save.code()).isEqualTo(2);
        assertThat(save.err()).contains("must be one that can be made, and be new");
        assertThat(file).hasContent("mine");
        assertThat(snapshot("save", "orders", directory + "/no/where").err()).contains("/no");
        assertThat(snapshot("load", "orders", directory + "/none").err()).contains("be read");
        assertThat(snapshot("sav", "orders", "x").err()).contains("did you mean save?");
        assertThat(snapshot("save", "order", directory + "/x").err())
                .contains("did you mean orders?");
        assertThat(directory.toFile().list()).containsExactly("orders.jsonl");
    }
}
