package io.tuli.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.codec.JsonDocuments;
import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("FE-01")
class StateMapTest {
    private static final int PARTITIONS = 4;

    private final List<SharedState> states =
            Stream.generate(SharedState::new).limit(PARTITIONS).toList();

    /** Texts as they are; a document {@code bad} is none. */
    private static final Codec CODEC =
            new Codec() {
                @Override
                public Payload encode(Object value) {
                    return Payload.json(String.valueOf(value));
                }

                @Override
                public <V> @Nullable V decode(Payload payload, Class<V> type) {
                    if (payload.equals(Payload.json("bad"))) {
                        throw new TuliException(Failure.BAD_REQUEST, "it is bad");
                    }
                    if (payload.equals(Payload.json("worse"))) {
                        throw new NoClassDefFoundError("a user's class");
                    }
                    boolean isNull = payload.equals(Payload.NULL);
                    return isNull ? null : type.cast(payload.toString());
                }
            };

    private final StateMap<String> map =
            new StateMap<>(
                    this::source,
                    new TypedDocuments<>("carts", String.class, CODEC, new JsonDocuments()));

    private StateSource source() {
        return new StateSource() {
            @Override
            public int partitions() {
                return PARTITIONS;
            }

            @Override
            public PartitionState state(int partition) {
                return states.get(partition);
            }

            @Override
            public int partitionOf(String topLevelKey) {
                return StateMapTest.partitionOf(topLevelKey);
            }
        };
    }

    @Test
    @Tag("PT-86")
    void toCountKeysThatBeginAlikeOrToListThemNothingIsDecoded() {
        for (int i = 0; i < 1_000; i++) {
            put("eu/" + i, "bad");
            put("us/" + i, "worse");
        }
        put("sch\u00f6n", "bad");

        assertThat(map.count("eu/")).isEqualTo(1_000);
        assertThat(map.count("eu/99")).isEqualTo(11);
        assertThat(map.count("sch\u00f6")).isEqualTo(1);
        assertThat(map.count("sch\u00f8")).isZero();
        assertThat(map.prefixed("us/").keySet()).hasSize(1_000).allMatch(key -> key.length() < 7);
        assertThat(map.prefixed("us/99").size()).isEqualTo(11);
        assertThat(map.prefixed("xx").isEmpty()).isTrue();
    }

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

    @Test
    void aDocumentThatCannotBeReadEndsNoWalk() {
        put("ada", "1");
        put("eve", "bad");
        put("mal", "worse");
        put("zoe", "2");
        Map<String, String> met = new HashMap<>();

        map.forEach(met::put);

        Map<String, String> readable = Map.of("ada", "1", "zoe", "2");
        assertThat(met).isEqualTo(readable);
        assertThat(new HashMap<>(map)).isEqualTo(readable);
        assertThat(map.entrySet().stream().map(Map.Entry::getKey).toList())
                .containsExactlyInAnyOrder("ada", "zoe");
        assertThat(new ArrayList<>(map.values())).containsExactlyInAnyOrder("1", "2");
        assertThat(map.values().stream().toList()).containsExactlyInAnyOrder("1", "2");
        assertThat(map.values().toArray()).hasSize(2);
        assertThat(map.values().parallelStream().count()).isEqualTo(2);
        assertThat(map.containsValue("2")).isTrue();
        assertThat(map.containsValue("3")).isFalse();
    }

    @Test
    void aDocumentThatCannotBeReadIsNoSecret() {
        put("ada", "1");
        put("eve", "bad");

        assertThat(map.size()).isEqualTo(2);
        assertThat(map.keySet()).containsExactlyInAnyOrder("ada", "eve");
        assertThat(map.keySet().stream().toList()).hasSize(2);
        assertThat(map.containsKey("eve")).isTrue();
        assertThat(map.toString()).contains("ada=1", "eve=(unreadable: bad)");
        assertThatThrownBy(() -> map.get("eve"))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("service=carts key=eve type=java.lang.String")
                .hasMessageContaining("it is bad");
        assertThatThrownBy(() -> map.getOrDefault("eve", "x")).isInstanceOf(TuliException.class);
    }

    @Test
    void statesAreComparedWhateverIsInThem() {
        put("eve", "bad");
        put("mal", "worse");
        put("ada", "null");
        StateMap<String> same =
                new StateMap<>(
                        this::source,
                        new TypedDocuments<>("carts", String.class, CODEC, new JsonDocuments()));

        assertThat(map.equals(same)).isTrue();
        assertThat(map.hashCode()).isEqualTo(same.hashCode());
        assertThat(map.equals(Map.of("eve", "bad", "mal", "worse", "ada", "null"))).isFalse();
    }

    @Test
    void valuesWhoseMethodsThrowEndNoWalk() {
        put("ada", "1");
        Codec codec = new ThrowingCodec();
        StateMap<Hostile> hostile =
                new StateMap<>(
                        this::source,
                        new TypedDocuments<>("carts", Hostile.class, codec, new JsonDocuments()));

        assertThat(hostile.toString()).isEqualTo("{ada=(unreadable: 1)}");
        assertThat(hostile.hashCode()).isNotZero();
        assertThat(hostile.equals(Map.of("ada", new Hostile()))).isFalse();
        assertThat(hostile.values()).hasSize(1);
    }

    /** Of a class whose methods throw. */
    private static final class Hostile {
        @Override
        public boolean equals(Object other) {
            throw new AssertionError("equals");
        }

        @Override
        public int hashCode() {
            throw new AssertionError("hashCode");
        }

        @Override
        public String toString() {
            throw new AssertionError("toString");
        }
    }

    private static final class ThrowingCodec implements Codec {
        @Override
        public Payload encode(Object value) {
            throw new AssertionError("encode");
        }

        @Override
        public <V> V decode(Payload payload, Class<V> type) {
            return type.cast(new Hostile());
        }
    }

    @Test
    @SuppressWarnings("CollectionIncompatibleType") // Map allows any object to be asked for
    void aKeyIsTheNameOfAWholeDocument() {
        put("ada@x.org", "1");

        assertThat(map.get("ada@x.org")).isEqualTo("1");
        assertThat(map.get(Key.of("ada@x.org"))).isEqualTo("1");
        assertThat(map.containsKey(Key.of("ada@x.org"))).isTrue();
        assertThat(map.get(Key.of("nobody"))).isNull();
        assertThatThrownBy(() -> map.get(Key.parse("ada.name")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("service.get(key, type)");
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
