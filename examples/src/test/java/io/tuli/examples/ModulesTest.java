package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.connect.Connector;
import io.tuli.gateway.Gateway;
import io.tuli.junit.TestMesh;
import io.tuli.metrics.MeshMetrics;
import io.tuli.node.Tuli;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What users can import: the API, and nothing else. A program of theirs is a module, too. */
class ModulesTest {

    /** The API. A package that is added here is a promise. */
    private static final Map<String, Set<String>> API =
            Map.of(
                    "io.tuli.connect", Set.of("io.tuli.connect", "io.tuli.jdbc", "io.tuli.lines"),
                    "io.tuli.core", Set.of("io.tuli", "io.tuli.type"),
                    "io.tuli.gateway", Set.of("io.tuli.gateway"),
                    "io.tuli.metrics", Set.of("io.tuli.metrics"),
                    "io.tuli.node", Set.of("io.tuli.bridge", "io.tuli.node"),
                    "io.tuli.sim", Set.of("io.tuli.junit", "io.tuli.sim"));

    private static final Pattern NEEDED =
            Pattern.compile(
                    ".*[/\\\\](netty|jgroups|jackson|slf4j|jspecify|nimbus|bcrypt|bytes|micrometer"
                            + "|HdrHistogram|LatencyUtils)"
                            + "-[^/\\\\]*\\.jar");

    private static final List<Class<?>> INSIDE =
            List.of(
                    Mesh.class,
                    Tuli.class,
                    TestMesh.class,
                    Gateway.class,
                    MeshMetrics.class,
                    Connector.class);

    private static final String SHOP =
            """
            package org.example.shop;

            import io.tuli.Mesh;
            import io.tuli.Service;
            import io.tuli.node.Tuli;

            public class Shop {
                record Cart(int items) {}

                public static void main(String[] mesh) {
                    try (Mesh member = Tuli.join(mesh[0])) {
                        Service<Cart> carts = member.serve("carts", Cart.class);
                        carts.update("ada", new Cart(3)).reply().join();
                        System.out.println(carts.state());
                    }
                }
            }
            """;

    @TempDir private Path directory;

    private static Path place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private static ModuleReference reference(Class<?> inside) {
        return ModuleFinder.of(place(inside)).findAll().iterator().next();
    }

    private static ModuleDescriptor module(Class<?> inside) {
        return reference(inside).descriptor();
    }

    /** Its files, whether it is a jar or a directory. */
    private static List<String> files(Class<?> inside) throws IOException {
        try (ModuleReader reader = reference(inside).open();
                Stream<String> files = reader.list()) {
            return files.sorted().toList();
        }
    }

    private static Set<String> exported(ModuleDescriptor module) {
        return module.exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
    }

    static List<String> internalTypes() throws IOException {
        List<String> types = new ArrayList<>();
        for (Class<?> inside : INSIDE) {
            ModuleDescriptor module = module(inside);
            Set<String> internal = new TreeSet<>(module.packages());
            internal.removeAll(exported(module));
            List<String> files = files(inside);
            internal.forEach(each -> types.add(firstPublicType(files, each)));
        }
        return types;
    }

    private static String firstPublicType(List<String> files, String name) {
        String directory = name.replace('.', '/') + "/";
        return files.stream()
                .filter(file -> file.startsWith(directory))
                .filter(file -> file.substring(directory.length()).matches("[A-Za-z]+\\.class"))
                .map(file -> file.replace(".class", "").replace('/', '.'))
                .filter(ModulesTest::isPublic)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is public in " + name));
    }

    private static boolean isPublic(String type) {
        try {
            Class<?> found = Class.forName(type, false, ModulesTest.class.getClassLoader());
            return (found.getModifiers() & java.lang.reflect.Modifier.PUBLIC) != 0;
        } catch (ClassNotFoundException absent) {
            throw new AssertionError(absent);
        }
    }

    @Test
    void modulesExportTheApi() {
        Map<String, Set<String>> exported =
                INSIDE.stream()
                        .map(ModulesTest::module)
                        .collect(Collectors.toMap(ModuleDescriptor::name, ModulesTest::exported));

        assertThat(exported).isEqualTo(API);
    }

    @ParameterizedTest
    @MethodSource("internalTypes")
    void internalTypeCannotBeImported(String type) throws IOException {
        String complaint =
                compile(
                        "module org.example.shop { requires io.tuli.node; requires io.tuli.sim;"
                                + " requires io.tuli.gateway; }",
                        "package org.example.shop; class Shop { " + type + " thing; }");

        assertThat(complaint).containsAnyOf("is not visible", "which does not export it");
    }

    @Test
    @Tag("slow")
    void programOfAUserIsAModule() throws Exception {
        String complaint =
                compile(
                        "module org.example.shop { requires io.tuli.node;"
                                + " opens org.example.shop to tools.jackson.databind; }",
                        SHOP);
        assertThat(complaint).isEmpty();

        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-p",
                                modulePath() + File.pathSeparator + directory.resolve("classes"),
                                "-m",
                                "org.example.shop/org.example.shop.Shop",
                                "modules-" + ProcessHandle.current().pid())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("out").toFile())
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(Files.readString(directory.resolve("out"))).contains("{ada=Cart[items=3]}");
        assertThat(process.exitValue()).isZero();
    }

    /** Javadoc is of the packages that are exported: the poms list the others. */
    @Test
    void everyInternalPackageIsLeftOutOfTheJavadoc() throws IOException {
        assertInternal("node/pom.xml", Tuli.class);
        assertInternal("gateway/pom.xml", Gateway.class);
    }

    private static void assertInternal(String pom, Class<?> inside) throws IOException {
        Set<String> internal = new TreeSet<>(module(inside).packages());
        internal.removeAll(exported(module(inside)));

        assertThat(Files.readString(Repository.root().resolve(pom)).lines().map(String::strip))
                .as(pom + " lists what is internal")
                .contains(
                        "<internal.packages>"
                                + String.join(",", internal)
                                + "</internal.packages>");
    }

    @Test
    void licenceIsInEveryPomAndJar() throws IOException {
        String licence = Files.readString(Repository.root().resolve("LICENSE"));

        assertThat(licence)
                .contains("Apache License", "Version 2.0", "END OF TERMS AND CONDITIONS");
        assertThat(Repository.textFiles())
                .filteredOn(file -> file.name().endsWith("pom.xml"))
                .hasSizeGreaterThan(7)
                .allMatch(file -> file.text().contains("<name>Apache-2.0</name>"));
        for (Class<?> inside : INSIDE) {
            try (ModuleReader reader = reference(inside).open();
                    InputStream kept = reader.open("META-INF/LICENSE").orElseThrow()) {
                assertThat(kept).hasContent(licence);
            }
        }
    }

    private String compile(String module, String program) throws IOException {
        Path sources = Files.createDirectories(directory.resolve("sources"));
        Path descriptor = Files.writeString(sources.resolve("module-info.java"), module);
        Path shop = Files.writeString(sources.resolve("Shop.java"), program);
        StringWriter complaints = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of(
                            "--release",
                            "21",
                            "-p",
                            modulePath(),
                            "-d",
                            directory.resolve("classes").toString());
            compiler.getTask(
                            complaints,
                            files,
                            null,
                            options,
                            null,
                            files.getJavaFileObjects(descriptor, shop))
                    .call();
        }
        return complaints.toString();
    }

    /** The modules of Tuli, and what they need. */
    private static String modulePath() {
        String all =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Stream<String> needed =
                Arrays.stream(all.split(File.pathSeparator))
                        .filter(entry -> NEEDED.matcher(entry).matches());
        Stream<String> ours = INSIDE.stream().map(inside -> place(inside).toString());
        return Stream.concat(ours, needed).collect(Collectors.joining(File.pathSeparator));
    }
}
