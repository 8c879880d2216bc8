package io.tuli.command;

import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.error.Nearest;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Option;
import java.util.List;

/** When a write counts as done, as an option says it. */
public final class Acknowledged {

    public static final Option ACK =
            Option.value(
                    "--ack",
                    "<copies>",
                    "When it counts as done: owner, safe (owner and one more, unless said), a"
                            + " number of copies, or disks:2 for so many that have synced it.");

    private static final int COPIES_MOST = 127;
    private static final String DISKS = "disks:";

    private Acknowledged() {}

    /** What was said, or safe. */
    public static Commit said(Arguments arguments) {
        return commit(arguments.text(ACK).orElse("safe"));
    }

    private static Commit commit(String text) {
        return switch (text) {
            case "safe" -> Commit.safe();
            case "owner" -> Commit.owner();
            default ->
                    text.startsWith(DISKS)
                            ? Commit.disks(number(text, text.substring(DISKS.length())))
                            : Commit.copies(number(text, text));
        };
    }

    private static int number(String text, String digits) {
        if (!digits.matches("[1-9]\\d{0,2}") || Integer.parseInt(digits) > COPIES_MOST) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "--ack is owner, safe, a number 1..127 of copies, or disks: and a number: "
                            + text
                            + Nearest.question(text, List.of("owner", "safe", "disks:1")));
        }
        return Integer.parseInt(digits);
    }
}
