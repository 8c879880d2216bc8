package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import org.junit.jupiter.api.Test;

/** A set is an array without repetitions. */
class SetsTest {

    private final JsonDocuments documents = new JsonDocuments();

    @Test
    void theFirstElementMakesTheSet() {
        assertThat(after("", Edit.Kind.INCLUDE, "k", "\"a\"")).isEqualTo("[\"a\"]");
        assertThat(after("", Edit.Kind.INCLUDE, "k.set", "1")).isEqualTo("{\"set\":[1]}");
        assertThat(after("{\"set\":[]}", Edit.Kind.INCLUDE, "k.set", "1"))
                .isEqualTo("{\"set\":[1]}");
    }

    @Test
    void anElementIsThereOnce() {
        assertThat(after("[1, \"a\"]", Edit.Kind.INCLUDE, "k", "\"a\"")).isEqualTo("[1, \"a\"]");
        assertThat(after("[1,\"a\"]", Edit.Kind.INCLUDE, "k", "2")).isEqualTo("[1,\"a\",2]");
    }

    @Test
    void anExcludedElementIsGoneHoweverOftenItWasThere() {
        assertThat(after("[1,2,1,3]", Edit.Kind.EXCLUDE, "k", "1")).isEqualTo("[2,3]");
        assertThat(after("{\"s\":[{\"x\":1}]}", Edit.Kind.EXCLUDE, "k.s", "{\"x\":1}"))
                .isEqualTo("{\"s\":[]}");
    }

    @Test
    void excludingWhatIsNotThereChangesNothing() {
        assertThat(after("[1]", Edit.Kind.EXCLUDE, "k", "2")).isEqualTo("[1]");
        assertThat(after("\"text\"", Edit.Kind.EXCLUDE, "k", "2")).isEqualTo("\"text\"");
        assertThat(after("", Edit.Kind.EXCLUDE, "k", "2")).isEqualTo("(none)");
    }

    @Test
    void elementsAreToldApartByTheirText() {
        Payload set = Payload.json("[1,\"1\",{\"a\":1}]");

        assertThat(documents.indexOf(set, Payload.json("\"1\""))).isEqualTo(1);
        assertThat(documents.indexOf(set, Payload.json("{\"a\":1}"))).isEqualTo(2);
        assertThat(documents.indexOf(set, Payload.json("2"))).isEqualTo(-1);
        assertThat(documents.indexOf(Payload.NONE, Payload.json("2"))).isEqualTo(-1);
    }

    private String after(String document, Edit.Kind kind, String key, String value) {
        Payload before = document.isEmpty() ? Payload.NONE : Payload.json(document);
        return documents
                .apply(before, new Edit(kind, Key.parse(key), Payload.json(value)))
                .toString();
    }
}
