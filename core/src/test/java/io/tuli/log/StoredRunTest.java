package io.tuli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Payload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredRunTest {

    private static final StoredRun.Document PLAIN =
            document("u42", Payload.json("{}"), 7, 1L << 60);
    private static final StoredRun.Document FOREIGN =
            document("sch\u00f6n", Payload.opaque(new byte[300]), Long.MAX_VALUE, -1);
    private static final StoredRun.Document REMOVED = document("", Payload.NONE, 0, 0);

    private static StoredRun.Document document(String key, Payload value, long offset, long time) {
        return new StoredRun.Document(key, new Stored(value, offset, time));
    }

    private static byte[] bytes(StoredRun run) {
        return Arrays.copyOf(run.array(), run.sizeBytes());
    }

    private static StoredRun read(byte[] bytes, int count) {
        return StoredRun.read(bytes, 0, bytes.length, count);
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        List<StoredRun.Document> documents = List.of(PLAIN, FOREIGN, REMOVED);
        StoredRun written = StoredRun.of(documents);

        StoredRun read = read(bytes(written), 3);

        assertThat(read.list()).isEqualTo(documents);
        assertThat(read).isEqualTo(written).hasSameHashCodeAs(written);
        assertThat(read.size()).isEqualTo(3);
        assertThat(read(new byte[0], 0)).isEqualTo(StoredRun.of(List.of()));
    }

    @Test
    void aDocumentIsToldWithoutObjects() {
        List<Integer> hashes = new ArrayList<>();
        List<Boolean> removals = new ArrayList<>();

        StoredRun.of(List.of(PLAIN, FOREIGN, REMOVED))
                .forEach(
                        reader -> {
                            hashes.add(reader.keyHash());
                            removals.add(reader.isRemoval());
                        });

        assertThat(hashes).containsExactly("u42".hashCode(), "sch\u00f6n".hashCode(), 0);
        assertThat(removals).containsExactly(false, false, true);
    }

    @Test
    void aWriterCutsRunsOfAboutSoManyBytes() {
        StoredWriter writer = new StoredWriter(1_000);
        for (int i = 0; i < 100; i++) {
            writer.add("key-" + i, new Stored(Payload.opaque(new byte[90]), i, i));
        }

        List<StoredRun> runs = writer.runs();

        assertThat(runs).hasSizeBetween(10, 12);
        assertThat(runs).allMatch(run -> run.sizeBytes() < 1_200);
        assertThat(runs.stream().flatMap(run -> run.list().stream()))
                .hasSize(100)
                .startsWith(document("key-0", Payload.opaque(new byte[90]), 0, 0));
    }

    @Test
    void bytesThatEndEarlyAreRefused() {
        byte[] whole = bytes(StoredRun.of(List.of(FOREIGN)));

        ReadingChecks.refusesWhatEndsEarly(whole, StoredRunTest::read);
    }

    @Test
    void aKeyIsUtf8OfABoundedLength() {
        byte[] broken = bytes(StoredRun.of(List.of(PLAIN)));
        broken[1] = (byte) 0xff;
        StoredRun.Document longest = document("k".repeat(64 * 1024), Payload.NONE, 0, 0);
        StoredRun.Document tooLong = document("k".repeat(64 * 1024 + 1), Payload.NONE, 0, 0);

        assertThatThrownBy(() -> read(broken, 1)).hasMessageContaining("UTF-8");
        assertThat(read(bytes(StoredRun.of(List.of(longest))), 1).list()).containsExactly(longest);
        assertThatThrownBy(() -> read(bytes(StoredRun.of(List.of(tooLong))), 1))
                .hasMessageContaining("65537");
    }

    @Test
    void bytesThatAreTakenHaveTheOneForm() {
        byte[] whole = bytes(StoredRun.of(List.of(document("k\u00f6", Payload.NULL, 300, 5))));

        ReadingChecks.takesTheOneForm(
                whole, 100_000, StoredRunTest::read, read -> StoredRun.of(read.list()));
    }
}
