package io.tuli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.TuliException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-28")
class RowsTest {

    private static final Map<String, Object> USERS = users();

    private static Map<String, Object> users() {
        Map<String, Object> users = new LinkedHashMap<>();
        users.put("1", Map.of("name", "David", "age", 9, "city", Map.of("zip", "10")));
        users.put("2", Map.of("name", "davina", "age", 30));
        users.put("3", Map.of("name", "Eve", "age", 4.5));
        return users;
    }

    @Test
    void whereFindsPartsOfTextsInAnyCase() {
        assertThat(
                        Json.of(
                                Rows.of(USERS)
                                        .where("name=DAV")
                                        .table(List.of("name"))
                                        .lines(Palette.PLAIN)))
                .isEqualTo("[\"KEY  NAME\",\"1    David\",\"2    davina\"]");
    }

    @Test
    void sortPutsNumbersBySizeAndMissingOnesFirst() {
        assertThat(Rows.of(USERS).sortedBy("age").table(List.of("age")).lines(Palette.PLAIN))
                .containsExactly("KEY  AGE", "3    4.5", "1      9", "2     30");
        assertThat(
                        Rows.of(USERS)
                                .sortedBy("-city.zip")
                                .table(List.of())
                                .lines(Palette.PLAIN)
                                .get(1))
                .startsWith("1");
    }

    @Test
    void columnsReachIntoDocuments() {
        assertThat(Rows.of(USERS).table(List.of("city.zip")).lines(Palette.PLAIN))
                .containsExactly("KEY  CITY.ZIP", "1    10", "2", "3");
    }

    @Test
    void valuesThatAreNoDocumentsHaveAColumnOfTheirOwn() {
        Map<String, Object> mixed = new LinkedHashMap<>();
        mixed.put("a", Map.of("n", 1));
        mixed.put("b", "text");

        assertThat(Rows.of(mixed).table(List.of()).lines(Palette.PLAIN))
                .containsExactly("KEY  N  VALUE", "a    1", "b       text");
    }

    @Test
    void arraysHaveTheirIndexAsKeyAndStayArrays() {
        Rows rows = Rows.of(List.of("b", "a", "c")).sortedBy("");

        assertThat(Json.of(rows.json())).isEqualTo("[\"a\",\"b\",\"c\"]");
    }

    @Test
    void scalarsHaveNoRows() {
        assertThatThrownBy(() -> Rows.of("text"))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("need an object or an array");
    }

    @Test
    void conditionWithoutAFieldIsRefused() {
        assertThatThrownBy(() -> Rows.of(USERS).where("david"))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("field=text: david");
    }
}
