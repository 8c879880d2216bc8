package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs the house rules over the repository, and over bad snippets to test the rules themselves. */
class TidyTest {
    private static final String MAIN = "core/src/main/java/io/tuli/ring/";
    private static final String TEST = "core/src/test/java/io/tuli/ring/";
    private static final TextFile PACKAGE_INFO =
            new TextFile(
                    MAIN + "package-info.java", "/** Who owns what. */ @NullMarked package a;");

    @Test
    void theRepositoryIsTidy() throws IOException {
        List<TextFile> files = Repository.textFiles();

        assertThat(files).extracting(TextFile::name).contains("CHANGELOG.md", "pom.xml", "tuli");
        assertThat(Tidy.check(files)).isEmpty();
    }

    @Test
    void aTidyFileHasNoFinding() throws IOException {
        assertThat(findingsInMain("final class Ring {\n    private final int size = 1;\n}\n"))
                .isEmpty();
    }

    @Test
    void mainFileOf501LinesIsTooLong() throws IOException {
        assertThat(findingsInMain("class A {}\n" + "\n".repeat(500)))
                .containsExactly(MAIN + "A.java: split this file: lines=501 max=500");
        assertThat(findingsInTest("class A {}\n" + "\n".repeat(500))).isEmpty();
    }

    @Test
    void scriptOfAPageIsAMainFileAndWhatOthersHaveWrittenIsAsItIs() throws IOException {
        String page = "gateway/src/main/resources/io/tuli/console/page.js";
        String others = "examples/src/main/resources/io/tuli/todos/feathers.js";
        assertThat(Tidy.check(List.of(new TextFile(page, "\n".repeat(501)))))
                .extracting(Finding::toString)
                .containsExactly(page + ": split this file: lines=501 max=500");
        assertThat(Tidy.check(List.of(new TextFile(others, "\n".repeat(501))))).isEmpty();
    }

    @Test
    void testFileOf601LinesIsTooLong() throws IOException {
        assertThat(findingsInTest("class A {}\n" + "\n".repeat(600)))
                .containsExactly(TEST + "A.java: split this file: lines=601 max=600");
    }

    @Test
    void javaFileOver256KibibytesIsTooLarge() throws IOException {
        String wideLines = ("//" + "x".repeat(97) + "\n").repeat(400).repeat(7);

        assertThat(findingsInMain(wideLines))
                .contains(MAIN + "A.java: split this file: bytes=280000 max=262144");
    }

    @Test
    void lineOf101ColumnsIsTooLong() throws IOException {
        assertThat(findingsInMain("class A {}\n//" + "x".repeat(99) + "\n"))
                .containsExactly(MAIN + "A.java:2: wrap: columns=101 max=100");
        assertThat(findingsInMain("class A {}\n//" + "é".repeat(98) + "\n")).isEmpty();
    }

    @Test
    void methodOf61LinesIsTooLong() throws IOException {
        assertThat(findingsInMain("class A {\n void f() {" + "\n".repeat(60) + " }\n}\n"))
                .containsExactly(MAIN + "A.java:2: split f(): lines=61 max=60");
        assertThat(findingsInMain("class A {\n void f() {" + "\n".repeat(59) + " }\n}\n"))
                .isEmpty();
    }

    @Test
    void methodOfSevenParametersWantsARecord() throws IOException {
        String seven = "int a, int b, int c, int d, int e, int f, int g";

        assertThat(findingsInMain("class A {\n void f(" + seven + ") {}\n}\n"))
                .containsExactly(MAIN + "A.java:2: give a record to f(): parameters=7 max=6");
        assertThat(findingsInMain("record A(" + seven + ") {\n A {}\n}\n")).isEmpty();
    }

    @Test
    void bannedWordInATypeNameComesWithItsReplacement() throws IOException {
        assertThat(findingsInMain("class A {\n record RingUtils() {}\n}\n"))
                .containsExactly(
                        MAIN
                                + "A.java:2: `Utils` is banned in a type's name:"
                                + " put the function on the type it speaks of");
        assertThat(findingsInMain("class ShardMap {}\n"))
                .containsExactly(
                        MAIN
                                + "A.java:1: `Shard` is banned in a type's name:"
                                + " the word is Partition");
        assertThat(findingsInMain("class DatabaseInformation {}\n")).isEmpty();
    }

    @Test
    void staticFieldMustBeFinal() throws IOException {
        assertThat(findingsInMain("class A {\n static int calls;\n}\n"))
                .containsExactly(MAIN + "A.java:2: a static field must be final: calls");
        assertThat(findingsInMain("interface A {\n int CALLS = 1;\n}\n")).isEmpty();
    }

    @Test
    void openEndNeedsItsIssue() throws IOException {
        assertThat(findingsInMain("class A {} // TODO later\n"))
                .containsExactly(MAIN + "A.java:1: a TODO needs its issue, like #123");
        assertThat(findingsInMain("class A {} // FIXME #123\n"))
                .containsExactly(MAIN + "A.java:1: `FIXME` is banned: fix it, or open an issue");
        assertThat(findingsInMain("class A {} // TODO #123 later\n")).isEmpty();
    }

    @Test
    void testNeverSleeps() throws IOException {
        String sleep = "class A {\n void f() throws Exception {\n  Thread.sleep(1);\n }\n}\n";
        String unitSleep =
                "class A {\n void f() throws Exception {\n  TimeUnit.DAYS.sleep(1);\n }\n}\n";

        assertThat(findingsInTest(sleep))
                .containsExactly(
                        TEST
                                + "A.java:3: a test never sleeps:"
                                + " wait for a condition with a deadline");
        assertThat(findingsInTest(unitSleep)).hasSize(1);
        assertThat(findingsInMain(sleep)).isEmpty();
    }

    @Test
    void disabledTestNeedsItsReason() throws IOException {
        assertThat(findingsInTest("class A {\n @Disabled void f() {}\n}\n"))
                .containsExactly(TEST + "A.java:2: @Disabled needs its reason");
        assertThat(findingsInTest("class A {\n @Disabled(\"#7\") void f() {}\n}\n")).isEmpty();
    }

    @Test
    void coreHasNoLocks() throws IOException {
        assertThat(findingsInMain("class A {\n synchronized void f() {}\n}\n"))
                .containsExactly(MAIN + "A.java:2: the core has no locks: one thread owns it");
        assertThat(findingsInMain("class A {\n void f() {\n  synchronized (this) {}\n }\n}\n"))
                .hasSize(1);
    }

    @Test
    void commonPoolIsBanned() throws IOException {
        assertThat(findingsInMain("class A {\n Object o = CompletableFuture.runAsync(this);\n}\n"))
                .containsExactly(
                        MAIN
                                + "A.java:2: the common pool is banned:"
                                + " give runAsync an executor");
        assertThat(findingsInMain("class A {\n Object o = list.parallelStream();\n}\n"))
                .containsExactly(MAIN + "A.java:2: the common pool is banned: name your executor");
        assertThat(findingsInMain("class A {\n Object o = CompletableFuture.runAsync(a, b);\n}\n"))
                .isEmpty();
    }

    @Test
    void pathOfOneMachineIsBanned() throws IOException {
        assertThat(findings(new TextFile("README.md", "see\n`/" + "work/x`\n")))
                .containsExactly("README.md:2: a path of one machine is banned");
        assertThat(findings(new TextFile("README.md", "bench/" + "work/x\n"))).isEmpty();
    }

    @Test
    void registryHostIsBanned() throws IOException {
        assertThat(findings(new TextFile("pom.xml", "https://repo.maven." + "apache.org/maven2")))
                .containsExactly("pom.xml:1: a registry's host name is banned");
    }

    @Test
    void packageNeedsItsExplanation() throws IOException {
        assertThat(findings(new TextFile(MAIN + "A.java", "class A {}")))
                .containsExactly(MAIN + ": package-info.java is missing");
        assertThat(findings(new TextFile(MAIN + "package-info.java", "package io.tuli.ring;")))
                .containsExactly(
                        MAIN + "package-info.java: @NullMarked is missing",
                        MAIN + "package-info.java: say purpose, level and what to read first");
    }

    @Test
    void packageIsOneLevelDeep() throws IOException {
        String deep = MAIN + "hash/";

        assertThat(findings(new TextFile(deep + "package-info.java", PACKAGE_INFO.text())))
                .containsExactly(deep + ": a package is io.tuli or io.tuli.<one word>");
    }

    @Test
    void packageOf26TypesIsTooLarge() throws IOException {
        assertThat(findings(packageOf(MAIN, 26)))
                .containsExactly(MAIN + ": split this package: types=26 max=25");
        assertThat(findings(packageOf(MAIN, 25))).isEmpty();
    }

    @Test
    void vocabularyOfTheUsersIsOnePackageAndDoesNotGrow() throws IOException {
        String vocabulary = "core/src/main/java/io/tuli/";

        assertThat(findings(packageOf(vocabulary, 50))).isEmpty();
        assertThat(findings(packageOf(vocabulary, 51)))
                .containsExactly(vocabulary + ": split this package: types=51 max=50");
    }

    @Test
    void changelogHasOneShape() throws IOException {
        String good =
                """
                # Changelog

                ## [Unreleased]

                ### Breaking
                - a
                ### Fixed
                - b

                ## [0.1.0] - 2027-01-31
                ### Added
                - c
                """;

        assertThat(findingsInChangelog(good)).isEmpty();
        assertThat(findingsInChangelog("# Changes\n## 0.1\n- a\n"))
                .containsExactly(
                        "CHANGELOG.md:1: the first line must be `# Changelog`",
                        "CHANGELOG.md:2: must be `## [Unreleased]`",
                        "CHANGELOG.md:3: a change belongs to a group: Breaking, Added, Fixed");
        assertThat(findingsInChangelog("# Changelog\n"))
                .containsExactly("CHANGELOG.md:1: `## [Unreleased]` is missing");
        assertThat(findingsInChangelog(good.replace("Fixed", "Security").replace("- c", "")))
                .containsExactly(
                        "CHANGELOG.md:7: groups are Breaking, Added, Fixed, in this order",
                        "CHANGELOG.md:11: an empty group says nothing: delete it");
    }

    private static TextFile[] packageOf(String directory, int types) {
        TextFile info = new TextFile(directory + "package-info.java", PACKAGE_INFO.text());
        Stream<TextFile> files =
                IntStream.range(0, types)
                        .mapToObj(
                                i ->
                                        new TextFile(
                                                directory + "A" + i + ".java",
                                                "class A" + i + " {}"));
        return Stream.concat(Stream.of(info), files).toArray(TextFile[]::new);
    }

    private static List<String> findingsInMain(String source) throws IOException {
        return findings(PACKAGE_INFO, new TextFile(MAIN + "A.java", source));
    }

    private static List<String> findingsInTest(String source) throws IOException {
        return findings(new TextFile(TEST + "A.java", source));
    }

    private static List<String> findingsInChangelog(String text) throws IOException {
        return findings(new TextFile("CHANGELOG.md", text));
    }

    private static List<String> findings(TextFile... files) throws IOException {
        return Tidy.check(List.of(files)).stream().map(Finding::toString).toList();
    }
}
