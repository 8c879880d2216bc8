package io.tuli.examples;

/** One broken house rule: where, which, and what to do instead. Line 0 speaks of a whole file. */
record Finding(String file, int line, String message) {
    @Override
    public String toString() {
        return line == 0 ? file + ": " + message : file + ":" + line + ": " + message;
    }
}
