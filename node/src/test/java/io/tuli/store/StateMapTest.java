package io.tuli.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Payload;
import io.tuli.log.Stored;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("FE-01")
class StateMapTest {
    private static final int PARTITIONS = 4;

    private final List<SharedState> states =
            Stream.generate(SharedState::new).limit(PARTITIONS).toList();
    private final StateMap<String> map =
            new StateMap<>(
                    PARTITIONS,
                    states::get,
                    StateMapTest::partitionOf,
                    payload -> payload.equals(Payload.NULL) ? null : payload.toString());

    @Test
    void mapIsLive() {
        assertThat(map).isEmpty();

        put("a", "1");
        put("b", "2");
        put("a", "3");

        assertThat(map).containsOnly(Map.entry("a", "3"), Map.entry("b", "2")).hasSize(2);
        assertThat(map.get("a")).isEqualTo("3");
        assertThat(map.containsKey("c")).isFalse();
        assertThat(map.entrySet().contains(Map.entry("b", "2"))).isTrue();
        assertThat(map.entrySet().contains(Map.entry("b", "3"))).isFalse();
        assertThat(map).isEqualTo(Map.of("a", "3", "b", "2")).hasToString("{a=3, b=2}");
    }

    @Test
    @SuppressWarnings("CollectionIncompatibleType") // Map allows any object to be asked for
    void anyKeyMayBeAskedFor() {
        assertThat(map.containsKey(7)).isFalse();
        assertThat(map.get(List.of())).isNull();
    }

    @Test
    void nullIsAValue() {
        put("a", "null");

        assertThat(map.containsKey("a")).isTrue();
        assertThat(map.get("a")).isNull();
        assertThat(map.getOrDefault("a", "x")).isNull();
        assertThat(map).hasSize(1).containsEntry("a", null);
    }

    @Test
    void walkGoesOnWhileTheStateChanges() {
        for (int i = 0; i < 100; i++) {
            put("k" + i, "1");
        }
        List<String> met = new ArrayList<>();

        for (String key : map.keySet()) {
            met.add(key);
            states.get(partitionOf(key)).put(key, null);
            put("new" + key, "1");
        }

        assertThat(met).doesNotHaveDuplicates().filteredOn(k -> k.startsWith("k")).hasSize(100);
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void mutationIsRefusedAndSaysWhatToDo(Mutation mutation) {
        put("a", "1");
        ThrowingCallable mutating = () -> mutation.of(map);

        assertThatThrownBy(mutating)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("state is read-only: use service.update(");
        assertThat(map).containsOnly(Map.entry("a", "1"));
    }

    static Stream<Mutation> mutations() {
        return Stream.of(
                map -> map.put("a", "2"),
                map -> map.putAll(Map.of()),
                map -> map.putIfAbsent("b", "2"),
                map -> map.remove("a"),
                map -> map.remove("a", "1"),
                map -> map.clear(),
                map -> map.replace("a", "2"),
                map -> map.replace("a", "1", "2"),
                map -> map.replaceAll((key, value) -> value),
                map -> map.compute("a", (key, value) -> value),
                map -> map.computeIfAbsent("b", key -> key),
                map -> map.computeIfPresent("a", (key, value) -> value),
                map -> map.merge("a", "2", String::concat),
                map -> map.keySet().remove("a"),
                map -> map.keySet().clear(),
                map -> map.values().removeIf("1"::equals),
                map -> map.entrySet().remove(Map.entry("a", "1")),
                map -> map.entrySet().clear(),
                map -> map.entrySet().iterator().next().setValue("2"),
                StateMapTest::removeByIterator);
    }

    interface Mutation {
        void of(StateMap<String> map);
    }

    private static void removeByIterator(StateMap<String> map) {
        Iterator<String> keys = map.keySet().iterator();
        keys.next();
        keys.remove();
    }

    private void put(String key, String json) {
        states.get(partitionOf(key)).put(key, new Stored(Payload.json(json), 1, 1));
    }

    private static int partitionOf(String key) {
        return Math.floorMod(key.hashCode(), PARTITIONS);
    }
}
