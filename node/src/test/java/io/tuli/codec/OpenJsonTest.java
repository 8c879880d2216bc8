package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.log.OpenDocument;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many edits of one document, against the same edits one by one. */
class OpenJsonTest {
    private static final long SEED = Long.getLong("tuli.seed", 20_260_102L);
    private static final String[] SEGMENTS = {"a", "b", "ä.\\", "0", "1", "2", "01"};
    private static final String[] DOCUMENTS = {
        "{}",
        "[]",
        "{\"a\":{\"b\":[1,2,1]},\"b\":[[],{}]}",
        "[1,[2],{\"a\":3}]",
        "7",
        "null",
        "{\"\\u0061\":{\"b\":1}}",
        "{\"a\":1,\"a\":{\"b\":2}}",
        "{ \"a\" : [ 1 , 2 ] }",
        "{\"a\"",
        "",
        "{\"a\":[1,1,1,2],\"b\":{\"a\":1}}"
    };
    private static final String[] VALUES = {
        "1",
        "-7",
        "null",
        "{}",
        "[]",
        "[1,2]",
        "{\"a\":{\"b\":1}}",
        "\"x\"",
        "{\"a\": 1}",
        "[1",
        " 2"
    };

    private final JsonDocuments documents = new JsonDocuments();

    @Test
    void manyEditsGiveTheSameBytesAsOneByOne() {
        for (long seed = SEED; seed < SEED + 3_000; seed++) {
            Random random = new Random(seed);
            Payload before = Payload.json(DOCUMENTS[random.nextInt(DOCUMENTS.length)]);
            List<Edit> edits = new ArrayList<>();
            Payload expected = before;
            OpenDocument open = documents.open(before);
            for (int step = 0; step < 12; step++) {
                Edit edit = edit(random);
                String as = "-Dtuli.seed=" + seed + " step " + step + " " + edit;
                Key key = edit.key();
                assertThat(open.has(key)).as(as).isEqualTo(!read(expected, key).isNone());
                assertThat(open.read(key)).as(as).isEqualTo(read(expected, key));
                assertThat(open.length(key))
                        .as(as)
                        .isEqualTo(documents.length(read(expected, key)));
                assertThat(open.contains(key, edit.value()))
                        .as(as)
                        .isEqualTo(documents.indexOf(read(expected, key), edit.value()) >= 0);
                assertThat(open.misfit(edit))
                        .as(as)
                        .isEqualTo(documents.open(expected).misfit(edit));

                edits.add(edit);
                expected = documents.apply(expected, edit);
                open.apply(edit);

                if (random.nextBoolean()) {
                    assertThat(open.document()).as(as).isEqualTo(expected);
                }
            }
            assertThat(documents.applyAll(before, edits))
                    .as("-Dtuli.seed=%d %s %s", seed, before, edits)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`list`:[1,2]}     | d.list.5       | d.list   | [1,2]",
                "{`list`:[1,2]}     | d.list.x       | d.list   | [1,2]",
                "{`list`:[1,2]}     | d.list.01      | d.list   | [1,2]",
                "{`list`:[1,2]}     | d.list.3.a     | d.list   | [1,2]",
                "{`name`:`Ada`}     | d.name.first   | d.name   | `Ada`",
                "{`a`:{`b`:7}}      | d.a.b.c.d      | d.a.b    | 7",
                "{`a`:null}         | d.a.b          | d.a      | null",
                "{`a`:[true]}       | d.a.0.b        | d.a.0    | true",
                "7                  | d.a            | d        | 7",
            })
    void whatIsInTheWayIsTold(String document, String key, String at, String there) {
        OpenDocument open = documents.open(quoted(document));

        OpenDocument.Misfit misfit = open.misfit(Edit.update(Key.parse(key), Payload.NULL));

        assertThat(misfit).isEqualTo(new OpenDocument.Misfit(Key.parse(at), quoted(there)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}                 | d.a.b.c",
                "{`list`:[1,2]}     | d.list.2",
                "{`list`:[1,2]}     | d.list.0",
                "{`list`:[1,2]}     | d.list.2.a",
                "{`a`:1}            | d.a",
                "7                  | d",
            })
    void nothingIsInTheWayOfWhatFits(String document, String key) {
        OpenDocument open = documents.open(quoted(document));

        assertThat(open.misfit(Edit.update(Key.parse(key), Payload.NULL))).isNull();
    }

    @Test
    void bytesAreInTheWayAndNothingIsNot() {
        Edit edit = Edit.update(Key.parse("d.a"), Payload.NULL);
        Payload bytes = Payload.opaque(new byte[] {'{', '}'});

        assertThat(documents.open(bytes).misfit(edit))
                .isEqualTo(new OpenDocument.Misfit(Key.of("d"), bytes));
        assertThat(documents.open(Payload.NONE).misfit(edit)).isNull();
        assertThat(documents.open(bytes).misfit(Edit.remove(Key.parse("d.a")))).isNull();
    }

    /** Bytes are counted, not time: a rewrite for each edit would allocate gigabytes. */
    @Test
    void manyEditsTakeOnePass() {
        int count = 20_000;
        List<Edit> sets = new ArrayList<>();
        List<Edit> pushes = new ArrayList<>();
        List<Edit> includes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Payload value = Payload.json("" + i);
            sets.add(Edit.update(Key.of("d", "f" + i), value));
            pushes.add(Edit.add(Key.of("d", "list", "" + i), value));
            includes.add(new Edit(Edit.Kind.INCLUDE, Key.of("d", "set"), value));
        }
        List<Edit> removes = sets.stream().map(edit -> Edit.remove(edit.key())).toList();

        Payload object = within(40, () -> documents.applyAll(Payload.NONE, sets));
        within(40, () -> documents.applyAll(object, sets));
        within(40, () -> documents.applyAll(object, removes));
        within(40, () -> documents.applyAll(Payload.NONE, pushes));
        within(40, () -> documents.applyAll(Payload.NONE, includes));
    }

    @Test
    void whatIsThereManyTimesIsTakenOutInOnePass() {
        String fields = "\"a\":1,".repeat(20_000);
        String elements = "7,".repeat(20_000);
        Payload object = Payload.json("{" + fields + "\"b\":2}");
        Payload array = Payload.json("[" + elements + "8]");
        Edit exclude = new Edit(Edit.Kind.EXCLUDE, Key.of("d"), Payload.json("7"));

        assertThat(within(5, () -> documents.apply(object, Edit.remove(Key.of("d", "a")))))
                .hasToString("{\"b\":2}");
        assertThat(within(5, () -> documents.apply(array, exclude))).hasToString("[8]");
    }

    private static Payload within(int megabytes, Supplier<Payload> work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Payload result = work.get();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("allocated bytes")
                .isLessThan(megabytes * 1_000_000L);
        return result;
    }

    private Payload read(Payload document, Key key) {
        return documents.read(document, key);
    }

    private static Edit edit(Random random) {
        Key key = Key.of("k");
        int depth = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            key = key.child(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        Payload value =
                random.nextInt(12) == 0
                        ? Payload.opaque(new byte[] {1, 2})
                        : Payload.json(VALUES[random.nextInt(VALUES.length)]);
        Edit.Kind kind = Edit.Kind.values()[random.nextInt(Edit.Kind.values().length)];
        return kind == Edit.Kind.REMOVE ? Edit.remove(key) : new Edit(kind, key, value);
    }

    private static Payload quoted(String text) {
        return Payload.json(text.replace('`', '"'));
    }
}
