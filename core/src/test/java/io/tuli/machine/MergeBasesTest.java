package io.tuli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.log.Stored;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MergeBasesTest {

    private static final int BIG = 100_000;
    private static final Edit UPDATE = Edit.update(Key.of("k"), Payload.NULL);
    private static final Edit OTHER = Edit.update(Key.of("other"), Payload.NULL);

    private final MergeBases bases = new MergeBases(true);

    @Test
    void knowsADocumentAsItWasAtTheFork() {
        bases.changed(UPDATE, null, 3);
        bases.changed(UPDATE, stored("one", 3), 7);
        bases.changed(UPDATE, stored("two", 7), 9);

        assertThat(documentAt(2)).isEqualTo(Payload.NONE);
        assertThat(documentAt(5)).isEqualTo(text("one"));
        assertThat(documentAt(8)).isEqualTo(text("two"));
        assertThat(bases.at(10)).isEmpty();
    }

    @Test
    void saysNothingOfWhatItHasForgotten() {
        bases.changed(UPDATE, stored("one", 1), 5);
        fill(10, 30);

        assertThat(bases.at(4)).doesNotContainKey("k");
    }

    @Test
    void keepsTheFirstChangesSinceAnotherIsLostFromSight() {
        bases.parted(5);
        bases.changed(UPDATE, stored("one", 1), 6);
        bases.changed(UPDATE, stored("two", 6), 7);
        fill(10, 30);

        assertThat(documentAt(5)).isEqualTo(text("one"));
        assertThat(bases.at(7)).doesNotContainKey("k");
    }

    @Test
    void knowsWhatWasCountedInDocumentsThatHaveCounters() {
        MergeBases some = new MergeBases(false);
        Edit increment = new Edit(Edit.Kind.INCREMENT, Key.parse("k.sum"), Payload.json("1"));

        some.changed(OTHER, stored("one", 1), 5);
        some.changed(increment, stored("one", 1), 6);
        some.changed(UPDATE, stored("two", 6), 7);

        assertThat(some.at(4)).containsOnlyKeys("k");
        assertThat(some.at(4).get("k"))
                .isEqualTo(
                        new MergeBases.Ancestor(text("one"), Set.of(Key.parse("k.sum")), Set.of()));
    }

    private @Nullable Payload documentAt(long fork) {
        MergeBases.Ancestor ancestor = bases.at(fork).get("k");
        return ancestor == null ? null : ancestor.document();
    }

    private void fill(long from, long until) {
        for (long offset = from; offset < until; offset++) {
            bases.changed(OTHER, stored("x".repeat(BIG), offset - 1), offset);
        }
    }

    private static Stored stored(String text, long offset) {
        return new Stored(text(text), offset, offset);
    }

    private static Payload text(String text) {
        return Payload.json("\"" + text + "\"");
    }
}
