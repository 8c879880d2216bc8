package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random edits, against the same edits of Java maps and lists. */
@Tag("FE-02")
class EditsTest {
    private static final long SEED = Long.getLong("tuli.seed", 20_260_101L);
    private static final String[] SEGMENTS = {"a", "b", "ä.\\", "0", "1", "2", "3", "01"};

    private final JsonDocuments documents = new JsonDocuments();
    private final JsonCodec codec = new JsonCodec(Limits.defaults());

    @Test
    void documentsAreWhatMapsAndListsWouldBe() {
        for (long seed = SEED; seed < SEED + 50; seed++) {
            Random random = new Random(seed);
            Payload document = Payload.NONE;
            Model model = new Model();
            for (int step = 0; step < 100; step++) {
                Edit edit = edit(random);
                document = documents.apply(document, edit);
                model.apply(edit, codec);
                assertThat(document)
                        .as("-Dtuli.seed=%d step %d %s", seed, step, edit)
                        .isEqualTo(model.payload(codec));
            }
        }
    }

    @Test
    void replayGivesEqualBytes() {
        List<Edit> edits = new ArrayList<>();
        Random random = new Random(SEED);
        for (int step = 0; step < 1_000; step++) {
            edits.add(edit(random));
        }

        assertThat(replayed(edits)).as("-Dtuli.seed=%d", SEED).isEqualTo(replayed(edits));
    }

    @Test
    void garbageNeverThrowsAndIsReplaced() {
        Random random = new Random(SEED);
        byte[] alphabet = "{}[]\",:\\ a01".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] garbage = new byte[random.nextInt(14)];
            for (int i = 0; i < garbage.length; i++) {
                garbage[i] = alphabet[random.nextInt(alphabet.length)];
            }
            Payload document = Payload.of(Payload.Format.JSON, garbage);
            Edit edit = edit(random);
            Payload edited = documents.apply(document, edit);
            documents.length(edited);
            documents.fields(edited);
            documents.text(edited);
            documents.read(edited, edit.key());
        }
    }

    private List<Payload> replayed(List<Edit> edits) {
        List<Payload> documentsSoFar = new ArrayList<>();
        Payload document = Payload.NONE;
        for (Edit edit : edits) {
            document = documents.apply(document, edit);
            documentsSoFar.add(document);
        }
        return documentsSoFar;
    }

    private Edit edit(Random random) {
        Key key = Key.of("k");
        for (int depth = random.nextInt(5); depth > 0; depth--) {
            key = key.child(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        if (key.isTop() && random.nextInt(4) > 0) {
            key = key.child("a");
        }
        return switch (random.nextInt(4)) {
            case 0 -> Edit.remove(key);
            case 1 -> Edit.add(key, value(random));
            default -> Edit.update(key, value(random));
        };
    }

    private Payload value(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> Payload.json("{}");
            case 1 -> Payload.json("[]");
            case 2 -> Payload.json("[1,{\"a\":[true]},\"]\"]");
            case 3 -> Payload.NULL;
            case 4 -> codec.encode("\"}{ä😀\n" + random.nextInt(10));
            case 5 -> Payload.json("{\"b\":{\"0\":1},\"a\":[[],[2]]}");
            default -> codec.encode(random.nextInt());
        };
    }

    /** A document as plain values; {@link #absent} before it is there. */
    private static final class Model {
        private final Object absent = "(absent)";
        private @Nullable Object top = absent;

        void apply(Edit edit, JsonCodec codec) {
            Object value = codec.decode(edit.value(), Object.class);
            if (edit.kind() == Edit.Kind.REMOVE) {
                top = edit.key().isTop() ? absent : removed(top, edit.key().below());
            } else {
                top = put(top, edit.key().below(), value, edit.kind() == Edit.Kind.ADD);
            }
        }

        Payload payload(JsonCodec codec) {
            return absent.equals(top) ? Payload.NONE : codec.encode(top);
        }

        @SuppressWarnings("unchecked")
        private @Nullable Object put(
                @Nullable Object at, List<String> path, @Nullable Object value, boolean inserts) {
            if (path.isEmpty()) {
                return value;
            }
            String segment = path.get(0);
            List<String> rest = path.subList(1, path.size());
            if (at instanceof List<?> list && isIndexIn(segment, list.size() + 1)) {
                List<@Nullable Object> elements = (List<@Nullable Object>) list;
                int index = Integer.parseInt(segment);
                if (index == list.size() || (inserts && rest.isEmpty())) {
                    elements.add(index, put(absent, rest, value, inserts));
                } else {
                    elements.set(index, put(elements.get(index), rest, value, inserts));
                }
                return elements;
            }
            Map<String, @Nullable Object> fields =
                    at instanceof Map<?, ?> map
                            ? (Map<String, @Nullable Object>) map
                            : new LinkedHashMap<>();
            Object below = fields.containsKey(segment) ? fields.get(segment) : absent;
            fields.put(segment, put(below, rest, value, inserts));
            return fields;
        }

        @SuppressWarnings("unchecked")
        private @Nullable Object removed(@Nullable Object at, List<String> path) {
            String segment = path.get(0);
            List<String> rest = path.subList(1, path.size());
            if (at instanceof Map<?, ?> map && map.containsKey(segment)) {
                if (rest.isEmpty()) {
                    map.remove(segment);
                } else {
                    removed(map.get(segment), rest);
                }
            }
            if (at instanceof List<?> list && isIndexIn(segment, list.size())) {
                int index = Integer.parseInt(segment);
                if (rest.isEmpty()) {
                    list.remove(index);
                } else {
                    removed(list.get(index), rest);
                }
            }
            return at;
        }

        private static boolean isIndexIn(String segment, int size) {
            return segment.matches("0|[1-9][0-9]{0,8}") && Integer.parseInt(segment) < size;
        }
    }
}
