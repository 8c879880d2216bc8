package io.tuli.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The text files of this repository, as {@link TextFile}s; build output and binaries left out. */
final class Repository {
    private static final Set<String> HIDDEN_BUT_OURS = Set.of(".ci", ".github", ".mvn");
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", "out");

    private Repository() {}

    /** The root directory: the nearest one above the working directory that holds the launcher. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("bin/pick-jdk.sh"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("tests must run inside the repository");
            }
        }
        return directory;
    }

    static List<TextFile> textFiles() throws IOException {
        Path root = root();
        List<TextFile> files = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path dir, BasicFileAttributes ignored) {
                        return dir.equals(root) || isOurs(dir.getFileName().toString())
                                ? FileVisitResult.CONTINUE
                                : FileVisitResult.SKIP_SUBTREE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes ignored)
                            throws IOException {
                        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                        if (text.indexOf('\0') < 0) {
                            String utf8 =
                                    new String(
                                            text.getBytes(StandardCharsets.ISO_8859_1),
                                            StandardCharsets.UTF_8);
                            String name = root.relativize(file).toString().replace('\\', '/');
                            files.add(new TextFile(name, utf8));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }

    private static boolean isOurs(String directoryName) {
        return directoryName.startsWith(".")
                ? HIDDEN_BUT_OURS.contains(directoryName)
                : !NOT_OURS.contains(directoryName);
    }
}
