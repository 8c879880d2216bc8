package io.tuli.query;

/**
 * What one evaluation may cost: each value that is looked at is a step. One thread.
 *
 * <p>So a query of many conditions over many long lists ends, the same everywhere.
 */
public final class Work {

    /** About a second or two of one core. */
    public static final long STEPS_MAX = 50_000_000;

    private final long most;
    private long steps;

    public Work() {
        this(STEPS_MAX);
    }

    Work(long most) {
        this.most = most;
    }

    void step() {
        if (++steps > most) {
            throw new IllegalArgumentException(
                    "a query looks at no more than "
                            + most
                            + " values of records: ask for fewer conditions or shorter lists");
        }
    }
}
