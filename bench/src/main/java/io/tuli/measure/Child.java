package io.tuli.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that is measured, from inside: it reads commands from its standard input and answers
 * each with one line of JSON. The end of the input means that whoever started it is gone; it then
 * ends too, so none is ever left behind. One thread.
 */
public final class Child {

    /** Begins each answer; whatever else a library prints is no answer. */
    static final String ANSWER = "@ ";

    /** In an answer, what went wrong. */
    static final String ERROR = "error";

    private static final JsonMapper JSON = new JsonMapper();

    private Child() {}

    /** What one kind of child can do. */
    @FunctionalInterface
    public interface Commands {

        /** Does it; what it answers is written as JSON. */
        Object run(String command, Words words) throws Exception;
    }

    /** Serves commands until the input ends, then ends this process. */
    public static void listen(Commands commands) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(ANSWER + JSON.writeValueAsString(answer(commands, line)));
        }
        Runtime.getRuntime().halt(0);
    }

    private static Object answer(Commands commands, String line) {
        int end = line.indexOf(' ') < 0 ? line.length() : line.indexOf(' ');
        String command = line.substring(0, end);
        try {
            Words words = Words.parse(line.substring(end));
            return switch (command) {
                case "allocated" -> Map.of("bytes", Allocation.ofAllThreads());
                case "live" -> Map.of("bytes", Allocation.liveBytes());
                default -> commands.run(command, words);
            };
        } catch (Exception | LinkageError | AssertionError failed) {
            failed.printStackTrace();
            return Map.of(ERROR, String.valueOf(failed));
        }
    }
}
