package io.tuli.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Java of a document, compiled as a user would and run. A block that is a program runs as it is. A
 * fragment says in the comment above it into which file of {@code src/test/resources/documents} it
 * belongs; there it stands in the place of the line {@code // (the block)}. A class with tests is
 * run by JUnit, any other by its {@code main}.
 */
final class DocumentedJava {

    private static final Pattern MESH = Pattern.compile("Tuli\\.(join|mesh)\\(\"([^\"]+)\"\\)");
    private static final Pattern CLASS = Pattern.compile("(?m)^(?:public )?class (\\w+)");
    private static final Pattern PRINTED =
            Pattern.compile("(?m)System\\.out\\.println\\(.*\\);\\s*// (.*?)(?:: .*)?$");
    private static final String PLACE = "// (the block)";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CodeBlock block;
    private final String source;
    private final String name;

    private DocumentedJava(CodeBlock block, String source) {
        this.block = block;
        this.source = source;
        Matcher type = CLASS.matcher(source);
        if (!type.find()) {
            throw new AssertionError(block + ": a block without a class says which file it is for");
        }
        this.name = type.group(1);
    }

    /** Members of other runs on this machine are in other meshes. */
    static DocumentedJava of(CodeBlock block, String meshSuffix) throws IOException {
        String source = block.mark().isEmpty() ? block.text() : filled(block);
        return new DocumentedJava(
                block, MESH.matcher(source).replaceAll("Tuli.$1(\"$2" + meshSuffix + "\")"));
    }

    private static String filled(CodeBlock block) throws IOException {
        Path file =
                CodeBlock.root()
                        .resolve("cli/src/test/resources/documents/" + block.mark() + ".java");
        if (!Files.exists(file)) {
            throw new AssertionError(block + ": there is no " + file);
        }
        String around = Files.readString(file);
        if (!around.contains(PLACE)) {
            throw new AssertionError(file + " has no place for the block: " + PLACE);
        }
        return around.replace(PLACE, block.text());
    }

    /** The same program, which does something else before a statement. */
    DocumentedJava before(String statement, String other) {
        if (!source.contains(statement)) {
            throw new AssertionError(block + " has no statement " + statement);
        }
        return new DocumentedJava(block, source.replace(statement, other + "\n" + statement));
    }

    /** The name of the mesh that it joins. */
    String mesh() {
        Matcher mesh = MESH.matcher(source);
        if (!mesh.find()) {
            throw new AssertionError(block + " joins no mesh");
        }
        return mesh.group(2);
    }

    /** The name of its class. */
    String name() {
        return name;
    }

    /** Compiles and runs it; throws an AssertionError that says what went wrong. */
    void run(Path directory) {
        try {
            runIn(directory);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private void runIn(Path directory) throws IOException {
        Path classes = compiled(directory);
        URL[] urls = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
            Class<?> type = Class.forName(name, true, loader);
            if (Arrays.stream(type.getDeclaredMethods())
                    .anyMatch(method -> AnnotationSupport.isAnnotated(method, Test.class))) {
                test(type);
            } else {
                requirePrinted(printed(type));
            }
        } catch (ClassNotFoundException absent) {
            throw new AssertionError(block + ": " + absent, absent);
        }
    }

    private Path compiled(Path directory) throws IOException {
        Path sources = Files.createTempDirectory(directory, "source");
        Path classes = Files.createTempDirectory(directory, "classes");
        Path file = sources.resolve(name + ".java");
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("--release", "21", "-d", classes.toString(), "-cp", classPath());
            boolean isWell =
                    compiler.getTask(
                                    complaints,
                                    files,
                                    null,
                                    options,
                                    null,
                                    files.getJavaFileObjects(file))
                            .call();
            if (!isWell) {
                throw new AssertionError(block + " does not compile:\n" + complaints + source);
            }
        }
        return classes;
    }

    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private void test(Class<?> type) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(type))
                                .build(),
                        listener);
        listener.getSummary()
                .getFailures()
                .forEach(
                        failure -> {
                            throw new AssertionError(
                                    block + " fails: " + failure.getTestIdentifier(),
                                    failure.getException());
                        });
        if (listener.getSummary().getTestsSucceededCount() == 0) {
            throw new AssertionError(block + " holds tests, and none was run");
        }
    }

    private String printed(Class<?> type) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try {
            Thread thread = Thread.ofPlatform().daemon().start(() -> main(type, thrown));
            if (!thread.join(PATIENCE)) {
                throw new AssertionError(block + " did not end within " + PATIENCE);
            }
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        } finally {
            System.setOut(before);
        }
        if (thrown.get() != null) {
            throw new AssertionError(block + " fails", thrown.get());
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void main(Class<?> type, AtomicReference<Throwable> thrown) {
        try {
            var main = type.getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException failed) {
            thrown.set(failed.getCause());
        } catch (ReflectiveOperationException absent) {
            thrown.set(absent);
        }
    }

    /** A comment beside a println says what is printed, and then, after a colon, why. */
    private void requirePrinted(String output) {
        List<String> lines = output.lines().map(String::strip).toList();
        Matcher promised = PRINTED.matcher(block.text());
        while (promised.find()) {
            String line = promised.group(1).strip();
            if (!lines.contains(line)) {
                throw new AssertionError(block + " does not print " + line + " but\n" + output);
            }
        }
    }
}
