package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

/** What README.md and docs show as code is code: it compiles, runs and prints what they say. */
class CodeBlocksTest {

    private static final Set<String> LANGUAGES =
            Set.of("java", "sh", "xml", "html", "json", "text", "yaml");
    private static final String SUFFIX = "-" + ProcessHandle.current().pid();

    /** The README says: put a sleep before the close. */
    private static final String HOLD = "documents.hold";

    private static final String WAITING =
            "while (System.getProperty(\"" + HOLD + "\") != null) { Thread.sleep(10); }";
    private static final Pattern WHILE = Pattern.compile("while (\\w+) runs");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)<pre>\\{@code\\n(.*?)\\}</pre>");

    @TempDir private Path directory;

    static List<CodeBlock> java() throws IOException {
        return ofLanguage("java");
    }

    static List<CodeBlock> shell() throws IOException {
        return ofLanguage("sh");
    }

    private static List<CodeBlock> ofLanguage(String language) throws IOException {
        return CodeBlock.ofAllDocuments().stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    @Test
    void everyBlockSaysItsLanguageAndTextIsNoCode() throws IOException {
        List<CodeBlock> blocks = CodeBlock.ofAllDocuments();

        assertThat(blocks).allMatch(block -> LANGUAGES.contains(block.language()));
        assertThat(blocks)
                .filteredOn(block -> block.language().equals("text"))
                .noneMatch(this::isCode);
        assertThat(blocks)
                .filteredOn(block -> block.language().equals("java"))
                .hasSizeGreaterThan(4);
    }

    private boolean isCode(CodeBlock block) {
        return block.text().lines().anyMatch(line -> line.matches("\\$ .*|\\./tuli .*|.*[;{]\\s*"));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("java")
    void javaCompilesAndRuns(CodeBlock block) throws IOException {
        DocumentedJava.of(block, SUFFIX).run(directory);
    }

    /** A block that says "while Shop runs" is about the program Shop of the same document. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("shell")
    void commandsRun(CodeBlock block) throws Exception {
        String mesh = "documents" + SUFFIX;
        if (block.mark().isEmpty()) {
            run(block, mesh);
            return;
        }
        Matcher program = WHILE.matcher(block.mark());
        assertThat(program.matches()).as(block + ": " + block.mark()).isTrue();
        DocumentedJava shop = DocumentedJava.of(program(block, program.group(1)), SUFFIX);
        System.setProperty(HOLD, "true");
        FutureTask<Void> running =
                new FutureTask<>(() -> shop.before("mesh.close();", WAITING).run(directory), null);
        Thread.ofPlatform().start(running);
        try {
            String shops = shop.mesh();
            Awaitility.await(shop.name())
                    .atMost(Duration.ofSeconds(60))
                    .failFast(running::isDone)
                    .until(() -> !Ran.in(Map.of("TULI_MESH", shops), "services").out().isEmpty());
            run(block, shops);
        } finally {
            System.clearProperty(HOLD);
            running.get(60, TimeUnit.SECONDS);
        }
    }

    private void run(CodeBlock block, String mesh) throws IOException {
        try (DocumentedShell shell = new DocumentedShell(block, directory, mesh)) {
            shell.run();
        }
    }

    private static CodeBlock program(CodeBlock about, String name) throws IOException {
        return java().stream()
                .filter(block -> block.file().equals(about.file()))
                .filter(block -> block.text().contains("public class " + name + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(about + ": there is no program " + name));
    }

    /** The versions are those that this build is tested with. */
    @Test
    void projectOfAUserNamesTheVersionsOfThisBuild() throws IOException {
        String ours = Files.readString(CodeBlock.root().resolve("pom.xml"));
        List<CodeBlock> projects = ofLanguage("xml");

        assertThat(projects).isNotEmpty();
        for (CodeBlock project : projects) {
            assertThat(project.text())
                    .contains(after("tuli", 1, version(ours, "<version>(.*?)</version>")))
                    .contains(after("tuli-test", 1, version(ours, "<version>(.*?)</version>")))
                    .contains(after("junit-jupiter", 1, version(ours, "<junit.version>(.*?)<")))
                    .contains(after("assertj-core", 1, version(ours, "<assertj.version>(.*?)<")))
                    .contains(
                            after(
                                    "maven-surefire-plugin",
                                    2,
                                    version(ours, "(?s)maven-surefire-plugin.*?<version>(.*?)<")))
                    .contains("<failIfNoTests>true</failIfNoTests>");
            assertThatCode(() -> parse(project.text())).doesNotThrowAnyException();
        }
    }

    @Test
    void pagesAreWellFormed() throws Exception {
        for (CodeBlock page : ofLanguage("html")) {
            assertThatCode(() -> parse(page.text())).as(page.text()).doesNotThrowAnyException();
        }
    }

    private static String after(String artifact, int deeper, String version) {
        String indent = "  ".repeat(2 + deeper);
        return "<artifactId>%s</artifactId>%n%s<version>%s</version>%n"
                .formatted(artifact, indent, version);
    }

    private static String version(String pom, String pattern) {
        Matcher version = Pattern.compile(pattern).matcher(pom);
        assertThat(version.find()).as(pattern).isTrue();
        return version.group(1);
    }

    private static void parse(String xml) throws Exception {
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)));
    }

    @Test
    void blockThatDoesNotCompileOrRunIsFound() throws IOException {
        String wrong = "class A { public static void main(String[] a) { int x = \"\"; } }";
        String failing = wrong.replace("int x = \"\";", "throw new IllegalStateException(\"x\");");
        String untrue = wrong.replace("int x = \"\";", "\nSystem.out.println(1); // 2: two\n");

        assertThatThrownBy(() -> java(wrong).run(directory))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a.md:1 does not compile");
        assertThatThrownBy(() -> java(failing).run(directory)).hasMessage("a.md:1 fails");
        assertThatThrownBy(() -> java(untrue).run(directory))
                .hasMessageContaining("a.md:1 does not print 2 but\n1");
        assertThatThrownBy(() -> java("int x = 1;"))
                .hasMessageContaining("a block without a class says which file it is for");
    }

    @Test
    void commandThatDoesNotExistIsFound() {
        for (String line :
                List.of(
                        "./tuli lss",
                        "./tuli ls --twice",
                        "./tuli bench --no-such-option",
                        "bench/no-such-script.sh",
                        "./tuli version --json\nno such line")) {
            CodeBlock block = new CodeBlock("a.md", 1, "sh", "", "$ " + line);
            assertThatThrownBy(() -> run(block, "documents" + SUFFIX))
                    .as(line)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("a.md:1");
        }
    }

    private static DocumentedJava java(String text) throws IOException {
        return DocumentedJava.of(new CodeBlock("a.md", 1, "java", "", text), SUFFIX);
    }

    /** Examples in Javadoc are those of the documents, which run. */
    @Test
    void examplesInJavadocAreThoseOfTheDocuments() throws IOException {
        String documented =
                java().stream().map(block -> words(block.text())).collect(Collectors.joining());
        List<String> examples = new ArrayList<>();
        for (String directory : List.of("core/", "node/", "sim/")) {
            try (Stream<Path> files =
                    Files.walk(CodeBlock.root().resolve(directory + "src/main"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    Matcher example = EXAMPLE.matcher(Files.readString(file));
                    while (example.find()) {
                        String text = example.group(1).replaceAll("(?m)^ *\\* ?", "");
                        if (text.contains(";")) {
                            examples.add(words(text));
                        }
                    }
                }
            }
        }

        assertThat(examples).hasSizeGreaterThan(1).allMatch(documented::contains);
    }

    /** Without comments, however wide. */
    private static String words(String java) {
        return java.replaceAll("(?m)//.*$", "").replaceAll("\\s+", " ").strip();
    }
}
