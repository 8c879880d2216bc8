package io.tuli.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands of a document, run one after the other in a mesh of their own. Where lines begin with
 * {@code $}, the lines between are what the command above them prints; numbers may differ.
 *
 * <p>Commands that stay run in processes of their own and are told to end after the last line.
 * Programs that take minutes are asked for their help instead, which must know each option: they
 * have tests of their own.
 */
final class DocumentedShell implements AutoCloseable {

    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Pattern COMPLETION = Pattern.compile("tuli completion \\w+");
    private static final List<String> LONG = List.of("demo", "todos", "sim", "chaos", "bench");
    private static final List<String> STAYING = List.of("serve", "gateway", "watch");

    private final CodeBlock block;
    private final Path directory;
    private final String mesh;
    private final List<Serving> serving = new ArrayList<>();
    private final List<Serving> watching = new ArrayList<>();

    DocumentedShell(CodeBlock block, Path directory, String mesh) {
        this.block = block;
        this.directory = directory;
        this.mesh = mesh;
    }

    void run() throws IOException {
        List<String> lines = block.text().lines().filter(line -> !line.isBlank()).toList();
        boolean isDialogue = lines.getFirst().startsWith("$ ");
        for (int i = 0; i < lines.size(); ) {
            String line = isDialogue ? lines.get(i).substring(2) : lines.get(i);
            int next = i + 1;
            while (isDialogue && next < lines.size() && !lines.get(next).startsWith("$ ")) {
                next++;
            }
            command(withoutComment(line), lines.subList(i + 1, isDialogue ? next : i + 1));
            i = next;
        }
        watching.forEach(each -> each.awaitOut("\n"));
    }

    private static String withoutComment(String line) {
        int comment = line.indexOf(" # ");
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    private void command(String line, List<String> promised) throws IOException {
        Matcher completion = COMPLETION.matcher(line);
        if (completion.find()) {
            tuli(words(completion.group()), promised);
        } else if (line.startsWith("./tuli ")) {
            tuli(words(line), promised);
        } else if (!line.startsWith("mvn ")) {
            String program = words(line).getFirst();
            if (!Files.isExecutable(CodeBlock.root().resolve(program))) {
                throw new AssertionError(block + ": " + program + " is no program of ours");
            }
        }
    }

    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> word.group().replaceAll("^['\"]|['\"]$", ""))
                .toList();
    }

    private void tuli(List<String> words, List<String> promised) throws IOException {
        String word = words.get(1);
        List<String> args = new ArrayList<>();
        words.subList(1, words.size()).forEach(each -> args.add(inDirectory(each)));
        int said = args.indexOf("--mesh");
        if (said >= 0) {
            args.subList(said, said + 2).clear();
        }
        if (LONG.contains(word)) {
            requireOptions(word, args);
        } else if (!Commands.WORDS.contains(word) || (word.equals("help") && args.size() == 1)) {
            requireTask(word);
        } else if (STAYING.contains(word)) {
            args.addAll(List.of("--mesh", mesh));
            stay(word, args);
        } else {
            args.addAll(List.of("--timeout", "30s")); // a busy machine is no fault of the page's
            requirePrinted(args, promised);
        }
    }

    /** A file that commands of a page write and read. */
    private String inDirectory(String word) {
        int name = word.lastIndexOf('=') + 1;
        return word.endsWith(".secret")
                ? word.substring(0, name) + directory.resolve(word.substring(name))
                : word;
    }

    private void stay(String word, List<String> args) {
        Serving process = Serving.start(directory, args.toArray(String[]::new));
        if (word.equals("watch")) {
            watching.add(process);
            process.awaitErr("watching ");
        } else {
            serving.add(process);
            process.awaitOut("\n");
        }
    }

    private void requirePrinted(List<String> args, List<String> promised) {
        Ran ran = Ran.in(Map.of("TULI_MESH", mesh), args.toArray(String[]::new));
        if (ran.code() != 0 || ran.err().contains("tuli: ")) {
            throw new AssertionError(block + ": " + args + " ends with " + ran);
        }
        String expected = shape(String.join("\n", promised));
        if (!promised.isEmpty() && !expected.equals(shape(ran.out() + ran.err()))) {
            throw new AssertionError(
                    block
                            + ": "
                            + args
                            + " prints\n"
                            + ran.out()
                            + ran.err()
                            + "and not "
                            + expected);
        }
    }

    /** What is there whatever the numbers are. */
    private static String shape(String text) {
        return text.replaceAll("\\b[0-9a-f]{8}\\b", "#")
                .replaceAll("[0-9][0-9.,:]*", "#")
                .replaceAll("[ \\n]+", " ")
                .strip();
    }

    private void requireOptions(String word, List<String> args) {
        String help = helpOf(word);
        for (String arg : args) {
            if (arg.startsWith("--") && !help.contains(arg.replaceAll("=.*", ""))) {
                throw new AssertionError(block + ": " + word + " has no option " + arg);
            }
        }
    }

    /** In a process of its own: some of them end theirs. */
    private String helpOf(String word) {
        try (Serving help = Serving.start(directory, word, "--help")) {
            help.exitCode();
            return help.out() + help.err();
        }
    }

    private void requireTask(String word) throws IOException {
        String launcher = Files.readString(CodeBlock.root().resolve("tuli"));
        if (!launcher.contains("\n" + word + ")")) {
            throw new AssertionError(block + ": ./tuli has no task " + word);
        }
    }

    @Override
    public void close() {
        watching.forEach(Serving::close);
        serving.forEach(Serving::close);
    }
}
