package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.Verbs;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every verb means, whatever is there and whatever the body is: the same for a request and for
 * a handler's turn. In the tables backquotes are quotes, an empty cell is nothing.
 */
class VerbsTest {
    private static final String TURN = "TURN";

    private static final AtomicInteger KEYS = new AtomicInteger();
    private static final TestMeshes MESHES = new TestMeshes();
    private static @Nullable Service<Payload> service;

    @BeforeAll
    static void serve() {
        ServiceConfig<Payload> config =
                ServiceConfig.of("things", Payload.class)
                        .handler(
                                (message, turn) ->
                                        message.verb().equals(TURN)
                                                ? run(message, turn)
                                                : turn.pass());
        service = TestMeshes.synced(MESHES.server().serve(config));
    }

    @AfterAll
    static void leave() {
        MESHES.close();
    }

    private static @Nullable Object run(Message message, Turn<Payload> turn) {
        String key = message.headers().get("at");
        Payload body = message.body(Payload.class);
        Payload value = body == null ? Payload.NONE : body;
        switch (message.headers().get("verb")) {
            case Verbs.UPDATE -> turn.update(key, value);
            case Verbs.REMOVE -> turn.remove(key);
            case Verbs.ADD -> turn.add(key, value);
            case Verbs.PUSH -> turn.push(key, value);
            case Verbs.PATCH -> turn.patch(key, value);
            case Verbs.INCLUDE -> turn.include(key, value);
            case Verbs.EXCLUDE -> turn.exclude(key, value);
            case Verbs.INCREMENT -> turn.increment(key, Long.parseLong(value.toString()));
            default -> throw new AssertionError(message);
        }
        return null;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // verb, what is there, key, body; what is there then, or the failure and a fact
                "update    |                | k     | 1       | 1",
                "update    | {`a`:1}        | k     | [2]     | [2]",
                "update    |                | k     |         | null",
                "update    |                | k.a.b | 1       | {`a`:{`b`:1}}",
                "update    | {`a`:1}        | k.b   | {``:2}  | {`a`:1,`b`:{``:2}}",
                "update    | {`l`:[1,2]}    | k.l.1 | 9       | {`l`:[1,9]}",
                "update    | {`l`:[1,2]}    | k.l.2 | 9       | {`l`:[1,2,9]}",
                "update    | {`l`:[1,2]}    | k.l.5 | 9       | CONFLICT k.l holds=[1,2]",
                "update    | {`l`:[1,2]}    | k.l.x | 9       | CONFLICT k.l holds=[1,2]",
                "update    | {`l`:[1,2]}    | k.l.01 | 9       | CONFLICT k.l holds=[1,2]",
                "update    | {`n`:`Ada`}    | k.n.f | `A`     | CONFLICT k.n holds=`Ada`",
                "update    | {`n`:7}        | k.n.f | 1       | CONFLICT k.n holds=7",
                "update    | {`n`:null}     | k.n.f | 1       | CONFLICT k.n holds=null",
                "update    | {`n`:{`m`:true}} | k.n.m.x.y | 1       | CONFLICT k.n.m holds=true",
                "update    | 7              | k.a   | 1       | CONFLICT holds=7",
                "remove    |                | k     |         | ",
                "remove    | {`a`:1}        | k     |         | ",
                "remove    | {`a`:1,`b`:2}  | k.a   |         | {`b`:2}",
                "remove    | {`a`:1}        | k.a.b.c |         | {`a`:1}",
                "remove    | {`l`:[1,2]}    | k.l.0 |         | {`l`:[2]}",
                "remove    | {`l`:[1,2]}    | k.l.7 |         | {`l`:[1,2]}",
            })
    void updateAndRemoveAreTheSameAskedForAndInATurn(
            String verb, String there, String at, String body, String outcome) {
        sameOnBothRoutes(verb, there, at, body, outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // verb, what is there, key, body; what is there then, or the failure and a fact
                "add       |                | k     | 1       | 1",
                "add       | 1              | k     | 2       | CONFLICT holds=1",
                "add       | {`a`:1}        | k.a   | 2       | CONFLICT k.a holds=1",
                "add       | {`a`:1}        | k.b.c | 2       | {`a`:1,`b`:{`c`:2}}",
                "add       | {`a`:1}        | k.a.b | 2       | CONFLICT k.a holds=1",
                "add       | {`l`:[1]}      | k.l.0 | 0       | {`l`:[0,1]}",
                "add       | {`l`:[1]}      | k.l.1 | 2       | {`l`:[1,2]}",
                "add       | {`l`:[1]}      | k.l.2 | 3       | CONFLICT k.l holds=[1]",
                "add       | {`l`:[1]}      | k.l.x | 3       | CONFLICT k.l holds=[1]",
                "push      |                | k     | 1       | [1]",
                "push      | []             | k     | null    | [null]",
                "push      | {`a`:1}        | k.l   | 1       | {`a`:1,`l`:[1]}",
                "push      | {`l`:[1]}      | k.l   | [2]     | {`l`:[1,[2]]}",
                "push      | {`a`:`x`}      | k.a   | 1       | CONFLICT k.a holds=`x`",
                "push      | {`a`:`x`}      | k.a.b | 1       | CONFLICT k.a holds=`x`",
                "push      | null           | k     | 1       | CONFLICT holds=null",
            })
    void addAndPushAreTheSameAskedForAndInATurn(
            String verb, String there, String at, String body, String outcome) {
        sameOnBothRoutes(verb, there, at, body, outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // verb, what is there, key, body; what is there then, or the failure and a fact
                "patch     |                | k     | {`a`:1} | {`a`:1}",
                "patch     | {`b`:1}        | k     | {`a`:2,`b`:3} | {`b`:3,`a`:2}",
                "patch     |                | k.x.y | {`a`:1} | {`x`:{`y`:{`a`:1}}}",
                "patch     | {`a`:1}        | k     | {}      | {`a`:1}",
                "patch     | 7              | k     | {`a`:1} | CONFLICT holds=7",
                "patch     | {`a`:`x`}      | k.a   | {`b`:1} | CONFLICT k.a holds=`x`",
                "patch     | [1,2]          | k     | {`2`:3,`3`:4,`0`:0} | [0,2,3,4]",
                "patch     | [1,2]          | k     | {`2`:3,`4`:4} | CONFLICT holds=[1,2]",
                "patch     | [1,2]          | k     | {`x`:3} | CONFLICT holds=[1,2]",
                "patch     | {}             | k     | {``:1}  | BAD_REQUEST without a name",
                "patch     | {}             | k     | {`a`:1,``:1} | BAD_REQUEST without a name",
                "patch     | {}             | k     | []      | BAD_REQUEST body=[]",
                "patch     | {}             | k     | `{`     | BAD_REQUEST body=`{`",
                "patch     | {}             | k     |         | BAD_REQUEST body=null",
            })
    void patchIsTheSameAskedForAndInATurn(
            String verb, String there, String at, String body, String outcome) {
        sameOnBothRoutes(verb, there, at, body, outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // verb, what is there, key, body; what is there then, or the failure and a fact
                "increment |                | k     | 2       | 2",
                "increment | {`n`:-5}       | k.n   | 2       | {`n`:-3}",
                "increment | {`n`:5}        | k.m.o | 2       | {`n`:5,`m`:{`o`:2}}",
                "increment | 9223372036854775806 | k     | 1       | 9223372036854775807",
                "increment | 9223372036854775807 | k     | 1       | CONFLICT 64 bits",
                "increment | -9223372036854775808 | k     | -1      | CONFLICT 64 bits",
                "increment | 9223372036854775808 | k | -1 | CONFLICT holds=9223372036854775808",
                "increment | 1.5            | k     | 1       | CONFLICT holds=1.5",
                "increment | 1e3            | k     | 1       | CONFLICT holds=1e3",
                "increment | `7`            | k     | 1       | CONFLICT holds=`7`",
                "increment | null           | k     | 1       | CONFLICT holds=null",
                "increment | {`a`:`x`}      | k.a.b | 1       | CONFLICT k.a holds=`x`",
                "increment | {`l`:[1]}      | k.l.4 | 1       | CONFLICT k.l holds=[1]",
            })
    void incrementIsTheSameAskedForAndInATurn(
            String verb, String there, String at, String body, String outcome) {
        sameOnBothRoutes(verb, there, at, body, outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // verb, what is there, key, body; what is there then, or the failure and a fact
                "include   |                | k     | 1       | [1]",
                "include   | [1]            | k     | 1       | [1]",
                "include   | {`s`:[1]}      | k.s   | `x`     | {`s`:[1,`x`]}",
                "include   | {`s`:1}        | k.s   | 1       | CONFLICT k.s holds=1",
                "include   | {`s`:1}        | k.s.t | 1       | CONFLICT k.s holds=1",
                "include   | {}             | k     | 1       | CONFLICT holds={}",
                "exclude   |                | k     | 1       | ",
                "exclude   | [1,2,1]        | k     | 1       | [2]",
                "exclude   | {`s`:[1]}      | k.s   | 2       | {`s`:[1]}",
                "exclude   | {`s`:1}        | k.s   | 1       | CONFLICT k.s holds=1",
                "exclude   | {`s`:1}        | k.s.t | 1       | {`s`:1}",
            })
    void includeAndExcludeAreTheSameAskedForAndInATurn(
            String verb, String there, String at, String body, String outcome) {
        sameOnBothRoutes(verb, there, at, body, outcome);
    }

    private static void sameOnBothRoutes(
            String verb, String there, String at, String body, @Nullable String outcome) {
        String told = asked(verb, there, at, body);
        assertThat(asked(TURN, there, at, body, verb)).isEqualTo(told);
        if (outcome == null || !outcome.matches("[A-Z_]{3,}.*")) {
            assertThat(told).isEqualTo(outcome == null ? "(none)" : quoted(outcome));
        } else {
            int space = outcome.indexOf(' ');
            assertThat(told)
                    .startsWith(outcome.substring(0, space))
                    .contains(quoted(outcome.substring(space + 1)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "increment | 1     | `1`                       | BAD_REQUEST body=`1`",
                "increment | 1     | 1.5                       | BAD_REQUEST body=1.5",
                "increment | 1     | 1e0                       | BAD_REQUEST body=1e0",
                "increment | 1     | 9223372036854775808       | BAD_REQUEST 64 bits",
                "increment | 1     | null                      | BAD_REQUEST body=null",
                "increment | 1     |                           | BAD_REQUEST body=null",
                "set       | 1     | []                        | BAD_REQUEST set needs",
                "set       | 1     |                           | BAD_REQUEST set needs",
                "set       | 1     | 7                         | BAD_REQUEST set needs",
                "set       | 1     | {}                        | BAD_REQUEST set needs",
                "set       | 1     | {`value`:2}               | BAD_REQUEST set needs",
                "set       | 1     | {`verb`:`update`}         | BAD_REQUEST null is a value",
                "set       | 1     | {`verb`:7,`value`:2}      | BAD_REQUEST set needs",
                "set       | 1     | {`verb`:`set`,`value`:2}  | BAD_REQUEST set needs",
                "set       | 1     | {`verb`:`$read`}          | BAD_REQUEST set needs",
                "set       | 1     | {`verb`:`update`,`value`:null} | null",
                "set       | 1     | {`verb`:`increment`,`value`:2} | 3",
                "set       | 1     | {`verb`:`remove`}         | (none)",
                "set       | [1]   | {`verb`:`push`,`value`:{}}| [1,{}]",
                "nonsense  | 1     | 1                         | METHOD_NOT_ALLOWED nonsense",
            })
    void bodyThatSaysNothingIsRefused(String verb, String there, String body, String outcome) {
        String told = asked(verb, there, "k", body);

        int space = outcome.indexOf(' ');
        boolean isFailure = outcome.matches("[A-Z_]{3,}.*");
        assertThat(told).startsWith(isFailure ? outcome.substring(0, space) : quoted(outcome));
        assertThat(told).contains(isFailure ? quoted(outcome.substring(space + 1)) : "");
    }

    @Test
    void bytesAreNoElementsAndHaveNoFields() {
        Payload bytes = Payload.opaque(new byte[] {1, 2});

        for (String verb : List.of(Verbs.PUSH, Verbs.INCLUDE, Verbs.EXCLUDE)) {
            assertThat(told(verb, null, "[]", bytes)).startsWith("BAD_REQUEST " + verb);
            assertThat(told(TURN, verb, "[]", bytes)).startsWith("BAD_REQUEST " + verb);
        }
        assertThat(told(Verbs.PATCH, null, "{}", bytes)).contains("body=2 bytes");
        String key = key();
        join(Message.of(Verbs.UPDATE, bytes).key(key));
        assertThat(outcome(Message.of(Verbs.UPDATE, 1).key(key + ".a"), key))
                .startsWith("CONFLICT")
                .contains("holds=2 bytes");
    }

    @Test
    void keysAndDepthsHaveTheirLimitsOnEveryRoute() {
        String long1 = "{`" + "n".repeat(70_000) + "`:1}";
        String deep = "[".repeat(64) + "]".repeat(64);

        for (String verb : List.of(Verbs.PATCH, TURN)) {
            assertThat(told(verb, Verbs.PATCH, "{}", json(long1))).startsWith("TOO_LARGE a key");
        }
        for (String verb : List.of(Verbs.PUSH, Verbs.INCLUDE)) {
            assertThat(told(verb, null, null, json(deep))).contains("document.depth=64");
            assertThat(told(TURN, verb, null, json(deep))).contains("document.depth=64");
        }
        String tooDeep = ".a".repeat(2_001);
        for (String verb : Verbs.BUILT_IN) {
            String key = key();
            Message message = Message.of(verb).key(key + tooDeep);
            assertThat(outcome(message, key)).startsWith("TOO_LARGE").hasSizeLessThan(400);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 40_000, 100_000})
    void aPatchOfManyFieldsIsOneEntry(int count) {
        StringBuilder fields = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            fields.append(i == 0 ? "\"" : ",\"").append(Integer.toString(i, 36)).append("\":1");
        }
        Payload body = Payload.json(fields + "}");

        assertThat(told(Verbs.PATCH, null, null, body)).isEqualTo(body.toString());
        assertThat(told(Verbs.PATCH, null, body.toString(), body)).isEqualTo(body.toString());
        String key = key();
        Message turn = Message.of(TURN, body).key(key).header("at", key).header("verb", "patch");
        assertThat(outcome(turn, key))
                .startsWith(
                        count < 100_000 ? body.toString() : "TOO_LARGE all that a turn decides");
    }

    @Test
    void detailsAreShort() {
        String big = "`" + "😀".repeat(10_000) + "`";

        for (String verb : List.of(Verbs.ADD, Verbs.PUSH, Verbs.INCREMENT, Verbs.INCLUDE)) {
            assertThat(told(verb, null, big, json("1"))).hasSizeLessThan(400).doesNotContain("?");
        }
        assertThat(told(Verbs.PATCH, null, "{}", json(big))).hasSizeLessThan(400);
        assertThat(told(Verbs.INCREMENT, null, "1", json(big))).hasSizeLessThan(400);
    }

    // ---- both routes ---------------------------------------------------------------------------

    private static String asked(String verb, String there, String at, String body) {
        return asked(verb, there, at, body, verb);
    }

    private static String asked(
            String route, @Nullable String there, String at, @Nullable String body, String verb) {
        String key = key();
        if (there != null) {
            join(Message.of(Verbs.UPDATE, json(there)).key(key));
        }
        String deep = key + at.substring(1);
        Object value = body == null ? null : json(body);
        Message message =
                route.equals(TURN)
                        ? Message.of(TURN, value).key(key).header("at", deep).header("verb", verb)
                        : Message.of(verb, value).key(deep);
        return outcome(message, key).replace(key, "k");
    }

    private static String told(
            String route, @Nullable String verb, @Nullable String there, Payload body) {
        String key = key();
        if (there != null) {
            join(Message.of(Verbs.UPDATE, json(there)).key(key));
        }
        Message message = Message.of(route, body).key(key);
        return outcome(
                verb == null ? message : message.header("at", key).header("verb", verb), key);
    }

    /** The document after the request; why it failed, where it did and changed nothing. */
    private static String outcome(Message message, String key) {
        Payload before = stored(key);
        try {
            join(message);
            return stored(key).toString();
        } catch (CompletionException failed) {
            TuliException why = (TuliException) failed.getCause();
            assertThat(stored(key)).isEqualTo(before);
            return why.failure() + " " + why.getMessage();
        }
    }

    private static Payload stored(String key) {
        Payload stored = things().get(key, Payload.class);
        return stored == null ? Payload.NONE : stored;
    }

    private static void join(Message message) {
        things().send(message).reply().orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    private static Service<Payload> things() {
        Service<Payload> served = service;
        if (served == null) {
            throw new AssertionError("not served");
        }
        return served;
    }

    private static String key() {
        return "key" + KEYS.incrementAndGet();
    }

    private static Payload json(String text) {
        return Payload.json(quoted(text));
    }

    private static String quoted(String text) {
        return text.replace('`', '"');
    }
}
