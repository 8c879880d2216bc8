package io.tuli;

/** How a call ended. There is no fourth way. The ordinal is the number on the wire. */
public enum Outcome {
    /** It had its effect, at the position its receipt names. */
    OK,
    /** It was not executed and never will be. */
    FAILED,
    /**
     * It may have been executed, or may yet be. Repeating it with the same id is safe inside the
     * dedup window.
     */
    UNKNOWN
}
