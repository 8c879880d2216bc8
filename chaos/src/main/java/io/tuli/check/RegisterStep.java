package io.tuli.check;

import java.util.OptionalLong;

/** What can be done to a register, with what was seen when it was done. Starts with 0. */
public sealed interface RegisterStep {

    /** The value after the step; empty if the step cannot have seen this value. */
    OptionalLong after(long value);

    /** The value after the step by somebody who was not told what it saw. */
    long blindlyAfter(long value);

    /**
     * Reads.
     *
     * @param seen what it answered
     */
    record Read(long seen) implements RegisterStep {
        @Override
        public OptionalLong after(long value) {
            return value == seen ? OptionalLong.of(value) : OptionalLong.empty();
        }

        @Override
        public long blindlyAfter(long value) {
            return value;
        }
    }

    /**
     * Writes.
     *
     * @param next what
     */
    record Write(long next) implements RegisterStep {
        @Override
        public OptionalLong after(long value) {
            return OptionalLong.of(next);
        }

        @Override
        public long blindlyAfter(long value) {
            return next;
        }
    }

    /**
     * Compares and sets.
     *
     * @param expected written only over this value
     * @param next what is written then
     * @param seen the value it answered to have found
     */
    record Cas(long expected, long next, long seen) implements RegisterStep {
        @Override
        public OptionalLong after(long value) {
            return value == seen ? OptionalLong.of(blindlyAfter(value)) : OptionalLong.empty();
        }

        @Override
        public long blindlyAfter(long value) {
            return value == expected ? next : value;
        }
    }
}
