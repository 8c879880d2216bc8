package io.tuli.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PT-92: what is a type, and what is none. */
@Tag("PT-92")
class TypeOfTest {

    @Test
    void isTheTypeBetweenTheBrackets() {
        TypeOf<List<Integer>> numbers = new TypeOf<>() {};
        TypeOf<List<Integer>> again = new TypeOf<List<Integer>>() {};

        assertThat(numbers.type().getTypeName()).isEqualTo("java.util.List<java.lang.Integer>");
        assertThat(numbers.raw()).isEqualTo(List.class);
        assertThat(numbers).isEqualTo(again).hasSameHashCodeAs(again).hasToString("" + again);
        assertThat(numbers).isNotEqualTo(new TypeOf<List<Long>>() {});
        assertThat(new TypeOf<List<String>[]>() {}.raw()).isEqualTo(List[].class);
        assertThat(new TypeOf<Map<String, ? extends Number>>() {}.raw()).isEqualTo(Map.class);
        assertThat(new TypeOf<String>() {}).isEqualTo(TypeOf.of(String.class));
    }

    @Test
    void whatIsNotKnownWhenTheProgramRunsIsRefused() {
        assertThatThrownBy(TypeOfTest::<String>unknown)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without variables");
        assertThatThrownBy(() -> new Raw())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between the brackets");
        assertThatThrownBy(() -> new Farther())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between the brackets");
    }

    private static <E> TypeOf<List<Map<String, E>>> unknown() {
        return new TypeOf<>() {};
    }

    @SuppressWarnings("rawtypes") // as somebody may write it
    private static final class Raw extends TypeOf {}

    private static class Near extends TypeOf<String> {}

    private static final class Farther extends Near {}
}
