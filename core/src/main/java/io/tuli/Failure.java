package io.tuli;

/**
 * Why a call did not end OK, and what a caller can do about it. The ordinal is the number on the
 * wire.
 */
public enum Failure {
    /** The handler knows no such verb (HTTP 405). */
    METHOD_NOT_ALLOWED(Category.REJECT, 2),
    /** The handler threw, or refused the request. */
    HANDLER_FAILED(Category.REJECT, 1),
    /** The request breaks a rule: a key, a value or an option that cannot be. */
    BAD_REQUEST(Category.REJECT, 2),
    /** There is no such key, service or member. */
    NOT_FOUND(Category.REJECT, 3),
    /** What should not exist does, or a version is not the one expected. */
    CONFLICT(Category.REJECT, 4),
    /** A message, key or document is over its limit. */
    TOO_LARGE(Category.REJECT, 2),
    /** A queue is at its limit; try later. */
    OVERLOADED(Category.RETRY, 5),
    /** No owner could be reached before the deadline. */
    UNAVAILABLE(Category.RETRY, 5),
    /** The deadline passed. */
    TIMEOUT(Category.RETRY, 5),
    /** A repeat came after its window; whether the first was executed is not known any more. */
    DEDUP_EXPIRED(Category.REJECT, 4),
    /** The caller cancelled. */
    CANCELLED(Category.REJECT, 1),
    /** The mesh this was asked of is closed. */
    CLOSED(Category.REJECT, 5),
    /** The other side does not let us in: mesh name, version or secret differ. */
    NOT_AUTHORISED(Category.REJECT, 6),
    /** A disk that would have to keep it has no room: free some there, and try again. */
    DISK_FULL(Category.RETRY, 5);

    private final Category category;
    private final int exitCode;

    Failure(Category category, int exitCode) {
        this.category = category;
        this.exitCode = exitCode;
    }

    public Category category() {
        return category;
    }

    /** The exit code of a command that ends so. */
    public int exitCode() {
        return exitCode;
    }

    /** What to do next. */
    public enum Category {
        /** The same request may succeed later. */
        RETRY,
        /** The same request will not succeed; change it. */
        REJECT,
        /** The member cannot go on. */
        FATAL
    }
}
