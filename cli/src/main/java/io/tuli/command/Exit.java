package io.tuli.command;

import io.tuli.Failure;

/** The exit codes there are. A failure of the mesh has its own, {@link Failure#exitCode()}. */
public enum Exit {
    OK(0, "done"),
    FAILED(1, "failed"),
    USAGE(2, "the command line, a key, a value, a verb or a setting cannot be"),
    NOT_FOUND(3, "there is no such key, service or member"),
    CONFLICT(4, "what should not exist does, or settings differ"),
    UNAVAILABLE(5, "nobody there, not in time, or no room on a disk"),
    NOT_AUTHORISED(6, "the mesh does not let us in"),
    BROKEN(7, "the member could not go on, as without memory: start it again");

    private final int code;
    private final String meaning;

    Exit(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** How a command ends that failed so. */
    static Exit of(Failure failure) {
        return values()[failure.exitCode()];
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}
