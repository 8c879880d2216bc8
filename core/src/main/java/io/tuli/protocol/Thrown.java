package io.tuli.protocol;

import io.tuli.error.Excerpt;
import io.tuli.error.Printable;
import org.jspecify.annotations.Nullable;

/**
 * What was thrown, looked at with care: a throwable's class may be a user's, whose methods may
 * throw or answer anything. Nobody else asks it for its message or its cause.
 */
public final class Thrown {

    /** Causes of causes; a user's may go on for ever. */
    private static final int CAUSES_MAX = 50;

    private Thrown() {}

    /**
     * Whether the process cannot go on: it is out of memory, or the virtual machine is broken. A
     * stack that ran over is no such thing, for it has been left.
     */
    public static boolean isFatal(Throwable thrown) {
        return thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError);
    }

    /** Throws it on if the process cannot go on; answers otherwise. */
    public static void rethrowIfFatal(Throwable thrown) {
        if (thrown instanceof VirtualMachineError error && isFatal(error)) {
            throw error;
        }
    }

    /** Its class and its message, as a {@link Excerpt}. */
    public static String text(Throwable thrown) {
        String name = thrown.getClass().getName();
        try {
            String message = thrown.getMessage();
            return message == null ? name : Excerpt.detail(name + ": " + Excerpt.detail(message));
        } catch (Throwable unreadable) {
            return name + ": (its message cannot be read)";
        }
    }

    /**
     * What a log can print: itself, or another that says as much where its methods misbehave or a
     * message of it would forge a line.
     */
    public static Throwable printable(Throwable thrown) {
        int[] left = {CAUSES_MAX};
        try {
            if (isPrintable(thrown, left)) {
                return thrown;
            }
        } catch (Throwable misbehaving) {
            return standIn(thrown, 0);
        }
        return standIn(thrown, left[0]);
    }

    /** Looks at its causes and at what it suppressed too, at so many in all. */
    private static boolean isPrintable(Throwable thrown, int[] left) {
        Throwable each = thrown;
        while (each != null && left[0] > 0) {
            left[0]--;
            int unused = each.getStackTrace().length;
            String message = each.getLocalizedMessage();
            if (!Printable.isLine(each.toString())
                    || (message != null && !Printable.isLine(message))) {
                return false;
            }
            for (Throwable suppressed : each.getSuppressed()) {
                if (!isPrintable(suppressed, left)) {
                    return false;
                }
            }
            each = each.getCause();
        }
        return each == null;
    }

    private static Throwable standIn(Throwable thrown, int causesMax) {
        Throwable cause = causesMax == 0 ? null : causeOf(thrown);
        RuntimeException standIn =
                new IllegalStateException(
                        text(thrown), cause == null ? null : standIn(cause, causesMax - 1));
        try {
            standIn.setStackTrace(thrown.getStackTrace());
        } catch (Throwable misbehaving) {
            standIn.setStackTrace(new StackTraceElement[0]);
        }
        return standIn;
    }

    /** Its cause; null if it has none, or does not tell. */
    public static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable misbehaving) {
            return null;
        }
    }
}
