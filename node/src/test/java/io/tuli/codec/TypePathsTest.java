package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tuli.Key;
import io.tuli.Limits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether a value has a place at a key inside documents of a type. */
class TypePathsTest {

    private final JsonCodec codec = new JsonCodec(Limits.defaults());

    record Session(String name, int visits) {}

    record Node(
            String name,
            @Nullable Node left,
            List<Node> children,
            Map<String, Node> byName,
            Node[] array,
            Optional<Node> other,
            Object anything) {}

    record Renamed(@JsonProperty("self") @Nullable Renamed me) {}

    record Parts(@JsonUnwrapped Session session) {}

    static final class Open {
        @JsonAnySetter
        public void set(String name, Object value) {}
    }

    interface Shape {}

    private boolean mayHold(Class<?> document, String key, Class<?> value) {
        return codec.mayHold(document, Key.parse(key), value);
    }

    @Test
    void aRecordHasNoPlaceForItselfAtAFieldItLacksOrThatIsOfAnotherType() {
        assertThat(mayHold(Session.class, "ada@x.org", Session.class)).isFalse();
        assertThat(mayHold(Session.class, "ada.name", Session.class)).isFalse();
        assertThat(mayHold(Session.class, "ada.name.first", Session.class)).isFalse();
        assertThat(mayHold(Session.class, "ada.visits", Session.class)).isFalse();
        assertThat(mayHold(Node.class, "ada.name", Node.class)).isFalse();
    }

    @Test
    void aRecordThatContainsItselfHas() {
        for (String key :
                List.of(
                        "n.left",
                        "n.left.left",
                        "n.children",
                        "n.children.0",
                        "n.children.0.left",
                        "n.byName.any",
                        "n.array.3",
                        "n.other",
                        "n.anything",
                        "n.anything.x.y")) {
            assertThat(mayHold(Node.class, key, Node.class)).as(key).isTrue();
        }
        assertThat(mayHold(Renamed.class, "r.self", Renamed.class)).isTrue();
        assertThat(mayHold(Renamed.class, "r.me", Renamed.class)).isFalse();
    }

    @Test
    void whatHasNoFieldsHoldsNothing() {
        assertThat(mayHold(Long.class, "example.com", Long.class)).isFalse();
        assertThat(mayHold(String.class, "a.b", String.class)).isFalse();
        assertThat(mayHold(int.class, "a.b", Integer.class)).isFalse();
    }

    @Test
    void whatCannotBeKnownMayHoldAnything() {
        assertThat(mayHold(Map.class, "a.b.c", Map.class)).isTrue();
        assertThat(mayHold(Shape.class, "a.b", Shape.class)).isTrue();
        assertThat(mayHold(Open.class, "a.b", Open.class)).isTrue();
        assertThat(mayHold(Parts.class, "a.b", Parts.class)).isTrue();
        assertThat(mayHold(Object.class, "a.b", Session.class)).isTrue();
    }
}
