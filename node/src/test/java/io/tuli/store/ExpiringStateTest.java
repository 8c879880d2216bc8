package io.tuli.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.JsonDocuments;
import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import io.tuli.log.StoredRun;
import io.tuli.log.StoredWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Documents that go by themselves, in memory. */
class ExpiringStateTest {

    private static final Payload VALUE = Payload.json("1");

    private final SharedState state = new SharedState();

    @Test
    @Tag("PT-70")
    void aTimeIsKeptThroughEveryMoveInMemoryAndASnapshot() {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, Stored> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String key = "k" + random.nextInt(2_000) + (i % 3 == 0 ? "ü" : "");
            long until = random.nextBoolean() ? Edit.NEVER : 1 + random.nextLong(Edit.UNTIL_MAX);
            Payload value = Payload.json("\"" + "x".repeat(random.nextInt(300)) + "\"");
            Stored stored = random.nextInt(5) == 0 ? null : new Stored(value, i, i, until);
            state.put(key, stored);
            if (stored == null) {
                model.remove(key);
            } else {
                model.put(key, stored);
            }
        }
        assertThat(all(state)).isEqualTo(model);

        StoredWriter writer = new StoredWriter(4_096);
        state.writeTo(writer);
        PartitionState copy = new SharedState();
        for (StoredRun run : writer.runs()) {
            StoredRun.read(run.array(), 0, run.sizeBytes(), run.size()).forEach(copy::put);
        }
        assertThat(all(copy)).isEqualTo(model);
        assertThat(copy.digest()).isEqualTo(state.digest());
        model.forEach((key, stored) -> assertThat(copy.until(key)).isEqualTo(stored.until()));
        String timed = model.keySet().iterator().next();
        copy.put(timed, new Stored(VALUE, 1, 1, 77));
        long digest = copy.digest();
        copy.put(timed, new Stored(VALUE, 1, 1, 78));
        assertThat(copy.digest()).as("times count").isNotEqualTo(digest);
    }

    private static Map<String, Stored> all(PartitionState of) {
        Map<String, Stored> all = new HashMap<>();
        of.forEach(all::put);
        return all;
    }

    @Test
    @Tag("PT-73")
    void theyAreFoundByTheHashesOfTheirKeys() {
        assertThat(state.mayExpire()).isFalse();
        state.put("Aa", new Stored(VALUE, 1, 1));
        assertThat(state.mayExpire()).isFalse();
        state.put("BB", new Stored(VALUE, 2, 2, 5));
        state.put("other", new Stored(VALUE, 3, 3, 6));
        List<String> found = new ArrayList<>();
        Map<Integer, Long> walked = new HashMap<>();

        state.forEachExpiring("Aa".hashCode(), found::add);
        int next = 0;
        for (int calls = 0; next >= 0; calls++) {
            assertThat(calls).as("a part at a time").isLessThan(20);
            next = state.walkExpiring(next, 3, 5, (hash, until, key) -> walked.put(hash, until));
        }

        assertThat(found).as("of Aa and BB, whose hashes are one").containsExactly("BB");
        assertThat(walked).isEqualTo(Map.of("BB".hashCode(), 5L, "other".hashCode(), 6L));
        assertThat(state.mayExpire()).isTrue();
    }

    @Test
    @Tag("PT-74")
    void aReplicaThatHearsNothingHidesWhatIsLongOver() {
        long now = System.currentTimeMillis();
        state.put("over", new Stored(VALUE, 1, 1, now - 60_000));
        state.put("just", new Stored(VALUE, 2, 2, now + 600_000));
        state.put("stays", new Stored(VALUE, 3, 3));
        JsonCodec codec = new JsonCodec(Limits.defaults());
        TypedDocuments<Integer> typed =
                new TypedDocuments<>("s", Integer.class, codec, new JsonDocuments());
        StateMap<Integer> map = new StateMap<>(() -> new One(state), typed);

        assertThat(map.get("over")).isNull();
        assertThat(map.containsKey("over")).isFalse();
        assertThat(map.keySet().stream()).containsExactlyInAnyOrder("just", "stays");
        assertThat(map.values().stream()).containsExactly(1, 1);
        assertThat(map.size()).as("it counts what is there").isEqualTo(3);
        assertThat(map.count("")).isEqualTo(2);
        assertThat(map.count("o")).isZero();
        assertThat(map.prefixed("o")).isEmpty();
        assertThat(map.prefixed("ju")).hasSize(1).containsOnlyKeys("just");
        assertThat(Overdue.HERE.shown(new Stored(VALUE, 1, 1, now - 500)))
                .as("a renewal may be on its way")
                .isNotNull();
    }

    private record One(SharedState state) implements StateSource {

        @Override
        public int partitions() {
            return 1;
        }

        @Override
        public PartitionState state(int partition) {
            return state;
        }

        @Override
        public int partitionOf(String topLevelKey) {
            return 0;
        }
    }
}
