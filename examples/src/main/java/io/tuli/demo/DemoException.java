package io.tuli.demo;

/** The demonstration cannot go on; the message says what it needed and what it found instead. */
final class DemoException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DemoException(String message) {
        super(message);
    }
}
