package io.tuli.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fenced block of code in a document.
 *
 * @param file the document, from the repository's root
 * @param line where the fence opens, from 1
 * @param language what the fence says: {@code java}, {@code sh}, …
 * @param mark the comment in the line right above the fence, without its signs; empty if none
 * @param text what is between the fences
 */
record CodeBlock(String file, int line, String language, String mark, String text) {

    private static final String FENCE = "```";

    /** Those of README.md and of docs, in order. */
    static List<CodeBlock> ofAllDocuments() throws IOException {
        Path root = root();
        List<Path> documents = new ArrayList<>(List.of(root.resolve("README.md")));
        try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        List<CodeBlock> blocks = new ArrayList<>();
        for (Path document : documents) {
            String name = root.relativize(document).toString().replace('\\', '/');
            blocks.addAll(of(name, Files.readString(document)));
        }
        return blocks;
    }

    /** Those of one document. */
    static List<CodeBlock> of(String file, String markdown) {
        List<CodeBlock> blocks = new ArrayList<>();
        String above = "";
        @Nullable Integer open = null;
        StringBuilder text = new StringBuilder();
        List<String> lines = markdown.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean isFence = line.strip().startsWith(FENCE);
            if (open == null && isFence) {
                open = i;
                above = i == 0 ? "" : comment(lines.get(i - 1));
            } else if (open != null && isFence) {
                String language = lines.get(open).strip().substring(FENCE.length()).strip();
                blocks.add(new CodeBlock(file, open + 1, language, above, text.toString()));
                open = null;
                text.setLength(0);
            } else if (open != null) {
                text.append(line).append('\n');
            }
        }
        if (open != null) {
            throw new IllegalArgumentException("a fence must close: " + file + ":" + (open + 1));
        }
        return blocks;
    }

    private static String comment(String line) {
        String text = line.strip();
        return text.startsWith("<!--") && text.endsWith("-->")
                ? text.substring(4, text.length() - 3).strip()
                : "";
    }

    /** The repository, in which tests run. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("docs/cli.md"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("tests run inside the repository");
            }
        }
        return directory;
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
