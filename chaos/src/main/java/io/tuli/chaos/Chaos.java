package io.tuli.chaos;

import io.tuli.wiring.WiringException;
import io.tuli.workload.ChaosException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code ./tuli chaos}: real processes, real faults, and a judgement of what they were asked and
 * answered. See {@link ChaosOptions#HELP}.
 */
public final class Chaos {

    private static final int OK = 0;
    private static final int WRONG = 1;
    private static final int MISSPELT = 2;
    private static final int UNAVAILABLE = 5;

    private Chaos() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int code = run(out, System.err, args);
        out.flush();
        System.exit(code);
    }

    /** Runs the command and answers its exit code. */
    public static int run(PrintStream out, PrintStream err, String... args) {
        ChaosOptions options;
        try {
            options = ChaosOptions.parse(args);
        } catch (IllegalArgumentException e) {
            err.println("tuli chaos: " + e.getMessage());
            return MISSPELT;
        }
        if (options.help()) {
            out.print(ChaosOptions.HELP);
            return OK;
        }
        try {
            return run(options, out, err) ? OK : WRONG;
        } catch (ChaosException | WiringException | IOException e) {
            err.println("tuli chaos: " + e.getMessage());
            return UNAVAILABLE;
        }
    }

    private static boolean run(ChaosOptions options, PrintStream out, PrintStream err)
            throws IOException {
        Path directory = Files.createTempDirectory("tuli-chaos-");
        try (History history = new History(directory)) {
            Diary diary = new Diary(out, history, options.json());
            if (options.json()) {
                err.println("tuli chaos: the history is " + history.file());
            }
            Score score;
            try (Campaign campaign = new Campaign(options, history, diary)) {
                score = campaign.run();
            }
            score.lines().forEach(diary::say);
            if (options.json()) {
                out.println(score.json());
            }
            return score.isGood();
        }
    }
}
