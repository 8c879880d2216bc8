package io.tuli.protocol;

import io.tuli.error.Excerpt;
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

    /** What a log can print: itself, or where its methods misbehave another that says as much. */
    public static Throwable printable(Throwable thrown) {
        try {
            Throwable each = thrown;
            for (int i = 0; i < CAUSES_MAX && each != null; i++) {
                String unused = each + each.getLocalizedMessage() + each.getStackTrace().length;
                each = each.getCause();
            }
            if (each == null) {
                return thrown;
            }
        } catch (Throwable misbehaving) {
            return standIn(thrown);
        }
        return standIn(thrown);
    }

    private static Throwable standIn(Throwable thrown) {
        RuntimeException standIn = new IllegalStateException(text(thrown));
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
