package io.tuli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.TuliException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    private static final Option JSON = Option.flag("--json", "");
    private static final Option QUIET = Option.flag("-q --quiet", "");
    private static final Option WATCH = Option.flag("-w --watch", "");
    private static final Option MESH = Option.value("-m --mesh", "<name>", "");
    private static final Option TABLE = Option.perhaps("--table", "<field>", "");
    private static final Parameter SERVICE = Parameter.one("<service>", "");
    private static final Parameter KEY = Parameter.optional("<key>", "");
    private static final Parameter VALUE = Parameter.one("<value>", "");

    private static final Grammar GRAMMAR =
            Grammar.of("add", "")
                    .with(SERVICE)
                    .with(KEY)
                    .with(VALUE)
                    .with(List.of(JSON, QUIET, WATCH, MESH, TABLE));

    private static Arguments parse(String line) {
        return Arguments.parse(GRAMMAR, List.of(line.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-m x s v", "s --mesh x v", "s v --mesh=x", "s v -m=x"})
    void optionMayStandAnywhere(String line) {
        Arguments arguments = parse(line);

        assertThat(arguments.text(MESH)).contains("x");
        assertThat(arguments.word(SERVICE)).isEqualTo("s");
        assertThat(arguments.word(VALUE)).isEqualTo("v");
    }

    @Test
    void missingWordIsTheOneThatMayBeMissing() {
        assertThat(parse("s v").optional(KEY)).isEmpty();
        assertThat(parse("s k v").optional(KEY)).contains("k");
    }

    @Test
    void flagsOfOneLetterMayShareADash() {
        Arguments arguments = parse("s v -qw");

        assertThat(arguments.has(QUIET)).isTrue();
        assertThat(arguments.has(WATCH)).isTrue();
        assertThat(arguments.has(JSON)).isFalse();
    }

    @Test
    void valueThatMayBeMissingComesAfterAnEqualsSign() {
        assertThat(parse("s --table v").texts(TABLE)).containsExactly("");
        assertThat(parse("s --table=a,b v").texts(TABLE)).containsExactly("a,b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "-.5", "-", "-7e3", "@file", "{\"a\":-1}", ""})
    void whatIsNoOptionIsAWord(String value) {
        Arguments arguments = Arguments.parse(GRAMMAR, List.of("s", value));

        assertThat(arguments.word(VALUE)).isEqualTo(value);
    }

    @Test
    void everythingAfterTwoDashesIsAWord() {
        assertThat(parse("s -- --json").word(VALUE)).isEqualTo("--json");
        assertThat(parse("s --mesh -x v").text(MESH)).contains("-x");
    }

    @Test
    void lastOneOfARepeatedOptionCounts() {
        assertThat(parse("s v -m a -m b").text(MESH)).contains("b");
        assertThat(parse("s v -m a -m b").texts(MESH)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s v --jsno | there is no option --jsno; did you mean --json?",
                "s v --meshh=x | there is no option --meshh; did you mean --mesh?",
                "s v -x | there is no option -x",
                "s v -qx | there is no option -qx",
                "s v -qm | there is no option -qm",
                "s v --json=1 | option --json takes no value: --json=1",
                "s v --mesh | an option needs its value: -m, --mesh <name>",
                "s v --mesh --json | an option needs its value: -m, --mesh <name>",
                "s | add needs <value>",
                "--json | add needs <service> <value>",
                "s k v more words | add takes no more arguments: more words",
            })
    void wrongLineIsRefused(String line, String message) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(TuliException.class)
                .hasMessage(message + "\nSee: tuli help add");
    }

    @Test
    void firstWordIsNeitherAnOptionNorItsValue() {
        assertThat(firstWord("--mesh", "get", "ls")).isEqualTo(2);
        assertThat(firstWord("--mesh=get", "ls")).isEqualTo(1);
        assertThat(firstWord("--json", "ls")).isEqualTo(1);
        assertThat(firstWord("--json")).isEqualTo(1);
        assertThat(firstWord()).isZero();
    }

    private static int firstWord(String... args) {
        return Arguments.firstWord(GRAMMAR, List.of(args));
    }

    @Test
    void synopsisTellsWhatMayBeMissing() {
        assertThat(GRAMMAR.synopsis())
                .isEqualTo(
                        "add <service> [<key>] <value> [--json] [-q, --quiet] [-w, --watch]"
                                + " [-m, --mesh <name>] [--table[=<field>]]");
    }
}
