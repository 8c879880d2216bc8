package io.tuli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.lines.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of JSON lines that a service begins with and writes to (FE-26). */
class JsonLinesTest {

    private static final Epoch EARLIER = new Epoch(1, 7);
    private static final Epoch LATER = new Epoch(2, 8);

    private final Members members = new Members();

    @TempDir private Path directory;

    @AfterEach
    void close() {
        members.close();
    }

    private Path file() {
        return directory.resolve("orders.jsonl");
    }

    private Connected<Object> serve(Mesh mesh) {
        return Members.orders().store(JsonLines.file(file())).serve(mesh);
    }

    /** What the file has, as who restores from it is given it. */
    private Map<String, String> content() throws Exception {
        Map<String, String> content = new TreeMap<>();
        JsonLines.file(file())
                .restore(
                        new Restore() {
                            @Override
                            public void put(String key, Object document) {
                                content.put(key, Members.text(document));
                            }

                            @Override
                            public void remove(String key) {
                                content.remove(key);
                            }
                        });
        return content;
    }

    private static Batch batch(long life, Epoch epoch, long offset, String... keys) {
        LogPosition end = new LogPosition(epoch, offset);
        List<Row> rows =
                List.of(keys).stream()
                        .map(key -> new Row(key, 0, io.tuli.Payload.json("1"), null))
                        .toList();
        return new Batch(
                "orders",
                life,
                rows,
                new TreeMap<>(Map.of(0, new Place(epoch, end, end))),
                Map.of(),
                key -> 0);
    }

    @Test
    void whatWasWrittenIsThereWhenAllHaveStoppedAndOneBeginsAgain() throws Exception {
        Mesh mesh = members.join();
        Service<Object> service = serve(mesh).service();
        Members.write(service, 0, 100, "one");
        service.remove("k7").await();
        Map<String, String> before = Members.state(service);
        mesh.close();
        assertThat(content()).isEqualTo(before);

        Service<Object> again = serve(members.join()).service();

        assertThat(Members.state(again)).isEqualTo(before).hasSize(99);
        assertThat(Files.readAllLines(file()))
                .as("only what counts is left")
                .filteredOn(line -> line.contains("\"key\""))
                .hasSize(99);
    }

    @Test
    void whatOthersHaveWrittenIsRestored() throws Exception {
        Files.writeString(
                file(),
                """
                {"key":"a","document":{"value":"1"}}

                {"key":"b","document":"text"}
                {"key":"a","document":{"value":"2"}}
                {"key":"c","document":null}
                {"key":"b","removed":true}\
                """);

        Service<Object> service = serve(members.join()).service();

        assertThat(Members.state(service))
                .containsExactly(Map.entry("a", "{\"value\":\"2\"}"), Map.entry("c", "null"));
    }

    @Test
    void aLineThatIsNoneIsRefusedAndNamesItsPlace() throws Exception {
        for (String line : List.of("nonsense", "[]", "{\"document\":1}", "{\"key\":\"a\"}")) {
            Files.writeString(file(), "{\"key\":\"a\",\"document\":1}\n" + line + "\n");

            assertThatThrownBy(this::content)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("line=" + line);
        }
    }

    @Test
    void whatItsWriterDidNotEndCountsForNothing() throws Exception {
        JsonLines lines = JsonLines.file(file());
        long life = lines.found("orders", Map.of());
        lines.claim("orders", life, Map.of(0, EARLIER));
        lines.write(batch(life, EARLIER, 1, "a"));
        Files.writeString(
                file(),
                "{\"begin\":1}\n{\"key\":\"b\",\"document\":1}\n{\"key\":\"c\",\"docu",
                StandardOpenOption.APPEND);
        assertThat(content()).containsOnlyKeys("a");

        JsonLines next = JsonLines.file(file());
        assertThat(next.claim("orders", life, Map.of(0, LATER)).get(0).position())
                .isEqualTo(new LogPosition(EARLIER, 1));
        next.write(batch(life, LATER, 2, "d"));

        assertThat(content()).containsOnlyKeys("a", "d");
    }

    @Test
    void anOwnerThatOthersHaveGivenUpIsFenced() throws Exception {
        JsonLines one = JsonLines.file(file());
        JsonLines other = JsonLines.file(file());
        long life = one.found("orders", Map.of());
        assertThat(one.claim("orders", life, Map.of(0, EARLIER))).containsOnlyKeys(0);
        one.write(batch(life, EARLIER, 1, "a"));

        assertThat(other.claim("orders", life, Map.of(0, LATER))).containsOnlyKeys(0);

        assertThatThrownBy(() -> one.write(batch(life, EARLIER, 2, "b")))
                .isInstanceOf(FencedException.class);
        assertThat(one.claim("orders", life, Map.of(0, EARLIER))).isEmpty();
        assertThat(other.found("orders", Map.of())).isEqualTo(life + 1);
        assertThatThrownBy(() -> one.write(batch(life, LATER, 3, "c")))
                .isInstanceOf(FencedException.class);
        assertThat(content()).containsOnlyKeys("a");
    }
}
