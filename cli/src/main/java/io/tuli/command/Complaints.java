package io.tuli.command;

import io.tuli.Refusal;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import io.tuli.error.Printable;
import io.tuli.terminal.Json;
import io.tuli.terminal.Shutdown;
import io.tuli.terminal.Terminal;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Says what went wrong: one line for people on standard error - the rule, the facts, what to do -
 * and an exit code for scripts. Where it came from only with {@code -v}.
 */
public final class Complaints {

    private static final String READ_ON = "\nSee: tuli help";

    /** Arguments may be of any length; this is enough to recognise one. */
    private static final int CHARS_MAX = 2_000;

    private final Terminal terminal;
    private final boolean isVerbose;
    private final Shutdown shutdown = new Shutdown();

    /** The arguments may be wrong in any way, so they are only searched. */
    public Complaints(Terminal terminal, List<String> args) {
        this.terminal = terminal;
        this.isVerbose = args.contains("-v") || args.contains("--verbose");
    }

    /** While it is under way there is nothing to complain about. */
    public Shutdown shutdown() {
        return shutdown;
    }

    /** Tells of a failure and answers its exit code. */
    public int about(Throwable thrown) {
        Throwable cause = causeOf(thrown);
        Exit exit = exitOf(cause);
        if (!shutdown.isUnderWay()) {
            terminal.say("tuli: " + lines(textOf(cause)));
            if (isVerbose) {
                thrown.printStackTrace(terminal.err());
            }
        }
        return exit.code();
    }

    /** What really happened, without the wrappers of futures. */
    public static Throwable causeOf(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Exit exitOf(Throwable cause) {
        if (cause instanceof TuliException failure) {
            return Exit.of(failure.failure());
        }
        return cause instanceof IllegalArgumentException ? Exit.USAGE : Exit.FAILED;
    }

    /** One line, and where to read on; facts in it cannot look like lines of their own. */
    private static String lines(String text) {
        int readOn = text.lastIndexOf(READ_ON);
        int end = readOn < 0 ? text.length() : readOn;
        String line = Printable.line(text.substring(0, end));
        return Excerpt.of(line, CHARS_MAX) + text.substring(end);
    }

    /** Like {@code (422 Unprocessable) errors={"title":"is blank"}}. */
    private static String facts(Refusal refusal) {
        StringBuilder facts = new StringBuilder();
        facts.append(" (").append(refusal.code()).append(' ').append(refusal.name()).append(')');
        if (!refusal.errors().isEmpty()) {
            facts.append(" errors=").append(Json.of(refusal.errors()));
        }
        if (refusal.data() != null) {
            facts.append(" data=").append(Json.of(refusal.data()));
        }
        return facts.toString();
    }

    private static String textOf(Throwable cause) {
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return "this should not happen: " + cause + "; run it again with -v and tell us";
        }
        if (cause instanceof Refusal refusal) {
            return message + facts(refusal);
        }
        boolean isOurs =
                cause instanceof TuliException || cause instanceof IllegalArgumentException;
        return isOurs ? message : cause.getClass().getSimpleName() + ": " + message;
    }
}
