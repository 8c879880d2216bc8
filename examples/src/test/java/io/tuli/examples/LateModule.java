package io.tuli.examples;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A module that is built after this one: its sources are compiled here, so that rules which look at
 * classes hold for it, too.
 */
record LateModule(Path classes) {

    /** Compiles the main sources of a module; what they need is on the class path. */
    static LateModule compile(String module, Path into) throws IOException {
        Path sources = Repository.root().resolve(module).resolve("src/main/java");
        StringWriter complaints = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> tree = Files.walk(sources);
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> java = tree.filter(each -> each.toString().endsWith(".java")).toList();
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-cp", classPath(), "-d", into.toString());
            boolean isCompiled =
                    compiler.getTask(
                                    complaints,
                                    files,
                                    null,
                                    options,
                                    null,
                                    files.getJavaFileObjectsFromPaths(java))
                            .call();
            if (!isCompiled) {
                throw new IllegalStateException(module + " must compile: " + complaints);
            }
        }
        return new LateModule(into);
    }

    /** Answers what only who loads its classes can know. */
    <T> T reflecting(Supplier<T> question) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            return question.get();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static String classPath() {
        String ofSurefire = System.getProperty("surefire.test.class.path");
        return ofSurefire == null
                ? System.getProperty("java.class.path", "." + File.pathSeparator)
                : ofSurefire;
    }
}
