package io.tuli.handler;

/** Answers that are no values. */
enum Answer {
    /** The built-in verbs shall handle the message. */
    PASS
}
