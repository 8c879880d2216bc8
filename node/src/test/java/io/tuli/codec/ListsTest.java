package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A list is an array that is pushed to. */
class ListsTest {

    private final JsonDocuments documents = new JsonDocuments();

    @Test
    void theFirstElementMakesTheList() {
        assertThat(after("", Edit.Kind.PUSH, "k", "\"a\"")).isEqualTo("[\"a\"]");
        assertThat(after("", Edit.Kind.PUSH, "k.list", "1")).isEqualTo("{\"list\":[1]}");
        assertThat(after("{\"list\":[]}", Edit.Kind.PUSH, "k.list", "[]"))
                .isEqualTo("{\"list\":[[]]}");
    }

    @Test
    void eachElementIsTheLastHoweverOftenItIsThere() {
        assertThat(after("[1]", Edit.Kind.PUSH, "k", "1")).isEqualTo("[1,1]");
        assertThat(after("{\"a\":[[2],3]}", Edit.Kind.PUSH, "k.a.0", "4"))
                .isEqualTo("{\"a\":[[2,4],3]}");
    }

    @Test
    void anElementOfAnotherSideComesBeforeItsIndex() {
        assertThat(after("[1,2]", Edit.Kind.INSERT, "k.1", "9")).isEqualTo("[1,9,2]");
        assertThat(after("{\"l\":[1]}", Edit.Kind.INSERT, "k.l.0", "9")).isEqualTo("{\"l\":[9,1]}");
    }

    @Test
    void aPushIsTotal() {
        assertThat(after("\"text\"", Edit.Kind.PUSH, "k", "1")).isEqualTo("[1]");
        assertThat(after("{\"a\":\"text\"}", Edit.Kind.PUSH, "k.a.b", "1"))
                .isEqualTo("{\"a\":{\"b\":[1]}}");
        assertThat(after("5", Edit.Kind.INSERT, "k.3", "1")).isEqualTo("{\"3\":1}");
    }

    @Test
    void elementsAreToldInOrder() {
        assertThat(documents.elements(Payload.json("[1, \"a\",{\"b\":[2]}, 1]")))
                .extracting(Payload::toString)
                .containsExactly("1", "\"a\"", "{\"b\":[2]}", "1");
        assertThat(documents.elements(Payload.json("{}"))).isEmpty();
        assertThat(documents.elements(Payload.NONE)).isEqualTo(List.of());
    }

    private String after(String document, Edit.Kind kind, String key, String value) {
        Payload before = document.isEmpty() ? Payload.NONE : Payload.json(document);
        return documents
                .apply(before, new Edit(kind, Key.parse(key), Payload.json(value)))
                .toString();
    }
}
