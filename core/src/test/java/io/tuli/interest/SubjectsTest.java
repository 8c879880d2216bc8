package io.tuli.interest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PT-30, NC-01: subjects and patterns, and who is found for a subject. */
class SubjectsTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "eu.milan.price", "ä.ö", "a-b.c_d", "\ud83d\ude00", "a.$b"})
    void isASubjectAndAPattern(String text) {
        assertThat(Subjects.subjectProblem(text)).isNull();
        assertThat(Subjects.patternProblem(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", ">", "a.*", "a.>", "*.*.*.*.a", "a.*.>"})
    void isAPatternAndNoSubject(String text) {
        assertThat(Subjects.patternProblem(text)).isNull();
        assertThat(Subjects.subjectProblem(text)).contains("not to a pattern");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a.",
                ".a",
                "a..b",
                "a b",
                "a\tb",
                "a\u0000",
                "a\u00a0",
                "$SYS.a",
                "\ud83d",
                "a\udc00.b",
                "a*",
                "a>.b",
                ">.a",
                "*.*.*.*.*"
            })
    void isNeitherAndSaysWhy(String text) {
        assertThat(Subjects.patternProblem(text)).isNotNull();
        assertThat(Subjects.subjectProblem(text)).isNotNull();
    }

    @Test
    void isNoLongerThanItsLimits() {
        String tokens = "a.".repeat(15) + "a";
        assertThat(Subjects.subjectProblem(tokens)).isNull();
        assertThat(Subjects.subjectProblem(tokens + ".a")).contains("16 tokens");
        assertThat(Subjects.subjectProblem("a".repeat(255))).isNull();
        assertThat(Subjects.subjectProblem("a".repeat(256))).contains("255 bytes");
        assertThat(Subjects.subjectProblem("ä".repeat(127))).isNull();
        assertThat(Subjects.subjectProblem("ä".repeat(128))).contains("255 bytes");
        assertThat(Subjects.subjectProblem("\ud83d\ude00".repeat(64))).contains("255 bytes");
    }

    @Test
    void theTrieFindsWhatFits() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SubjectTrie<Integer> trie = new SubjectTrie<>(seed);
            Map<Integer, String> patterns = new HashMap<>();
            for (int i = 0; i < 100; i++) {
                if (random.nextInt(4) == 0 && !patterns.isEmpty()) {
                    Integer gone = patterns.keySet().iterator().next();
                    assertThat(trie.remove(patterns.remove(gone), gone)).isTrue();
                } else {
                    patterns.put(i, pattern(random));
                    trie.add(patterns.get(i), i);
                }
                String subject = tokens(random, 1 + random.nextInt(4));
                List<Integer> found = new ArrayList<>();
                trie.match(subject, found);
                assertThat(found)
                        .as("seed %s: %s of %s", seed, subject, patterns)
                        .containsExactlyInAnyOrderElementsOf(
                                patterns.entrySet().stream()
                                        .filter(each -> fits(each.getValue(), subject))
                                        .map(Map.Entry::getKey)
                                        .toList());
                assertThat(trie.size()).isEqualTo(patterns.size());
            }
            patterns.forEach((value, pattern) -> trie.remove(pattern, value));
            assertThat(trie.size()).isZero();
            assertThat(trie.remove("a", 1)).isFalse();
        }
    }

    @Test
    void aLookUpIsBoundedHoweverPatternsAreMade() {
        SubjectTrie<Integer> trie = new SubjectTrie<>(1);
        SplittableRandom random = new SplittableRandom(1);
        int stars = Subjects.STARS_MAX;
        for (int i = 0; i < 10_000; i++) {
            String[] tokens = new String[Subjects.TOKENS_MAX];
            Arrays.fill(tokens, "a");
            for (int star = 0; star < stars; star++) {
                tokens[random.nextInt(tokens.length)] = "*";
            }
            trie.add(String.join(".", tokens), i);
        }
        String subject = "a" + ".a".repeat(Subjects.TOKENS_MAX - 1);
        List<Integer> found = new ArrayList<>();
        trie.match(subject, found);
        assertThat(found).hasSize(10_000);
    }

    @Test
    void aSubjectIsKeptFromItsSecondSightAndUntilSomethingChanges() {
        SubjectCache<String> cache = new SubjectCache<>();
        cache.found("a", 1, "x");
        assertThat(cache.get("a", 1)).isNull();
        cache.found("a", 1, "x");
        assertThat(cache.get("a", 1)).isEqualTo("x");
        assertThat(cache.get("a", 2)).isNull();
        for (int i = 0; i < 100_000; i++) {
            cache.found("unique." + i, 1, "y");
        }
        assertThat(cache.get("a", 1)).isEqualTo("x");
    }

    private static String pattern(SplittableRandom random) {
        String pattern = tokens(random, 1 + random.nextInt(3));
        return switch (random.nextInt(4)) {
            case 0 -> pattern + ".>";
            case 1 -> "*." + pattern;
            case 2 -> pattern + ".*";
            default -> pattern;
        };
    }

    private static String tokens(SplittableRandom random, int count) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(Character.toString('a' + random.nextInt(3)));
        }
        return String.join(".", tokens);
    }

    /** What a pattern means, said the slow way. */
    static boolean fits(String pattern, String subject) {
        String[] wanted = pattern.split("\\.");
        String[] tokens = subject.split("\\.");
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals(">")) {
                return i < tokens.length;
            }
            if (i >= tokens.length || !(wanted[i].equals("*") || wanted[i].equals(tokens[i]))) {
                return false;
            }
        }
        return wanted.length == tokens.length;
    }
}
