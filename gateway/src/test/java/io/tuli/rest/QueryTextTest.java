package io.tuli.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Refusal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dialect of Feathers' clients, as Express reads it (FD-36). */
class QueryTextTest {

    private static Map<String, ?> parse(String text) {
        return QueryText.parse(text);
    }

    @Test
    void valuesAreTexts() {
        assertThat(parse("a=1&b=true&c=null&d="))
                .isEqualTo(Map.of("a", "1", "b", "true", "c", "null", "d", ""));
        assertThat(parse("e")).isEqualTo(Map.of("e", ""));
        assertThat(parse("")).isEmpty();
        assertThat(parse("=1")).isEmpty();
        assertThat(parse("&&a=1&")).isEqualTo(Map.of("a", "1"));
        assertThat(parse("a=1;b=2")).isEqualTo(Map.of("a", "1;b=2"));
        assertThat(parse("a=b=c")).isEqualTo(Map.of("a", "b=c"));
        assertThat(parse("a.b=1")).isEqualTo(Map.of("a.b", "1"));
    }

    @Test
    void whatIsEncodedIsDecodedAndWhatCannotBeStaysAsItIs() {
        assertThat(parse("a=%E2%82%AC+x%20y")).isEqualTo(Map.of("a", "€ x y"));
        assertThat(parse("a=%&b=%E2&c=%zz")).isEqualTo(Map.of("a", "%", "b", "%E2", "c", "%zz"));
        assertThat(parse("a%5Bb%5D=1")).isEqualTo(Map.of("a", Map.of("b", "1")));
    }

    @Test
    void bracketsAreLevels() {
        assertThat(parse("a[b][c]=1")).isEqualTo(Map.of("a", Map.of("b", Map.of("c", "1"))));
        assertThat(parse("$limit=3&$sort[title]=-1&$select[]=title&$select[]=id"))
                .isEqualTo(
                        Map.of(
                                "$limit", "3",
                                "$sort", Map.of("title", "-1"),
                                "$select", List.of("title", "id")));
        assertThat(parse("$or[0][a]=1&$or[1][b][$gt]=2"))
                .isEqualTo(
                        Map.of("$or", List.of(Map.of("a", "1"), Map.of("b", Map.of("$gt", "2")))));
    }

    @Test
    void whatIsSortedByKeepsItsOrder() {
        Object sort = parse("$sort[z]=1&$sort[a]=-1&$sort[m]=1").get("$sort");

        assertThat(((Map<?, ?>) sort).keySet()).map(String::valueOf).containsExactly("z", "a", "m");
    }

    @Test
    void repeatedNamesAndPlacesAreLists() {
        assertThat(parse("a[]=1&a[]=2")).isEqualTo(Map.of("a", List.of("1", "2")));
        assertThat(parse("a=1&a=2")).isEqualTo(Map.of("a", List.of("1", "2")));
        assertThat(parse("a[0]=x&a[1]=y")).isEqualTo(Map.of("a", List.of("x", "y")));
        assertThat(parse("a[]=1")).isEqualTo(Map.of("a", List.of("1")));
        assertThat(parse("a[1]=x&a[0]=y")).isEqualTo(Map.of("a", List.of("y", "x")));
        assertThat(parse("a[3]=x")).isEqualTo(Map.of("a", List.of("x")));
        assertThat(parse("a[2024]=x")).isEqualTo(Map.of("a", Map.of("2024", "x")));
        assertThat(parse("a[07]=x")).isEqualTo(Map.of("a", Map.of("07", "x")));
    }

    @Test
    void thirtyValuesAreOneList() {
        String text =
                IntStream.range(0, 30)
                        .mapToObj(at -> "id[$in][" + at + "]=v" + at)
                        .collect(Collectors.joining("&"));

        assertThat(parse(text))
                .isEqualTo(
                        Map.of(
                                "id",
                                Map.of(
                                        "$in",
                                        IntStream.range(0, 30).mapToObj(at -> "v" + at).toList())));
    }

    @Test
    void whatIsDeeperThanFiveLevelsIsOneName() {
        assertThat(parse("a[b][c][d][e][f][g][h]=1"))
                .isEqualTo(
                        Map.of(
                                "a",
                                Map.of(
                                        "b",
                                        Map.of(
                                                "c",
                                                Map.of(
                                                        "d",
                                                        Map.of(
                                                                "e",
                                                                Map.of(
                                                                        "f",
                                                                        Map.of(
                                                                                "[g][h]",
                                                                                "1"))))))));
        assertThat(parse("a" + "[b]".repeat(5_000) + "=1")).hasSize(1);
    }

    @Test
    void prototypesAreDropped() {
        assertThat(parse("a[__proto__][x]=1&__proto__[y]=1&__proto__=2")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1&a[b]=2", "a[b]=1&a=2", "a[b][c]=1&a[b]=2", "a[0]=1&a[0][b]=2"})
    void nameWithAValueAndNamesBelowItIsRefusedAndNotDropped(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(400));
    }

    @Test
    void thousandNamesAreReadAndOneMoreIsRefused() {
        String names = String.join("&", Collections.nCopies(1_000, "a=1"));

        assertThat(parse(names)).hasSize(1);
        assertThatThrownBy(() -> parse(names + "&a=1"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("1000");
    }

    @Test
    void whateverComesIsReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String signs = "ab[]%=&+$05\u20ac\u0000.B";
        for (int run = 0; run < 20_000; run++) {
            StringBuilder text = new StringBuilder();
            for (int at = random.nextInt(24); at > 0; at--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            try {
                assertThat(parse(text.toString())).as("seed %s", seed).isNotNull();
            } catch (Refusal refused) {
                assertThat(refused.code()).isEqualTo(400);
            }
        }
    }
}
