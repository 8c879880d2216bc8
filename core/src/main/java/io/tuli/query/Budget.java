package io.tuli.query;

/** How large a query may be: counted while it is read. One thread. */
final class Budget {

    /** Conditions, values of lists, names: a query has at most so many of them together. */
    static final int VALUES_MAX = 1_000;

    /** How deep its lists and objects nest. */
    static final int DEPTH_MAX = 16;

    private int values;
    private int depth;

    void value() {
        if (++values > VALUES_MAX) {
            throw new IllegalArgumentException(
                    "a query has at most " + VALUES_MAX + " conditions and values together");
        }
    }

    void deeper() {
        if (++depth > DEPTH_MAX) {
            throw new IllegalArgumentException(
                    "lists and objects of a query nest at most " + DEPTH_MAX + " deep");
        }
    }

    void back() {
        depth--;
    }
}
