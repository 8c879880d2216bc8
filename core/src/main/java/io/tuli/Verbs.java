package io.tuli;

import java.util.Set;

/**
 * The verbs every service understands unless its handler decides otherwise.
 *
 * <p>None of them replaces what it does not name: where something else is in its way - an index
 * beyond an array's end, a field of a text, a number or null - it is refused with CONFLICT, and
 * says what is there. Missing objects on the way to a key are made.
 */
public final class Verbs {

    /** Sets the value at a key, deep keys included. Replies nothing. */
    public static final String UPDATE = "update";

    /**
     * Sets the value at a key where another is there: the body is {@code {"expected":…,"value":…}}.
     * CONFLICT unless the value at the key is the one expected, in whatever order its fields are;
     * nothing there is no value, null is one. Replies nothing.
     */
    public static final String REPLACE = "replace";

    /**
     * Removes a key; removing what is not there is no change. Replies whether something was
     * removed.
     */
    public static final String REMOVE = "remove";

    /**
     * Creates a key, CONFLICT if it exists; without a key under a new unique one. Replies the key.
     */
    public static final String ADD = "add";

    /**
     * Appends to the array at a key, which is made if missing; CONFLICT if something else is there.
     * Replies the new element's index. After a split the elements of both sides are there, in the
     * order of their time, so the index may then be another.
     */
    public static final String PUSH = "push";

    /**
     * Sets each field of the object sent, below the key: one update per field, committed together
     * or not at all.
     */
    public static final String PATCH = "patch";

    /**
     * Adds an integer of 64 bits to the one at a key, 0 if missing; CONFLICT if something else is
     * there or the sum has more. Replies the sum.
     */
    public static final String INCREMENT = "increment";

    /**
     * Makes a value an element of the set at the key, an array without repetitions, which is made
     * if missing; CONFLICT if something else is there. Replies whether it was none before.
     */
    public static final String INCLUDE = "include";

    /**
     * Takes an element out of the set at the key; CONFLICT if something else is there. Replies
     * whether the element was there.
     */
    public static final String EXCLUDE = "exclude";

    /**
     * Applies a change sent as a message: {@code {"verb":"update","value":…}} at the message's key.
     * Both must be there, but for {@link #REMOVE} the value.
     */
    public static final String SET = "set";

    /**
     * Renews a whole document: it goes by itself after what the message says, or its service,
     * counted from now on. Replies whether it was there. A change of no value, it is told to feeds.
     */
    public static final String TOUCH = "touch";

    /** All of them. */
    public static final Set<String> BUILT_IN =
            Set.of(
                    UPDATE, REPLACE, REMOVE, ADD, PUSH, PATCH, INCREMENT, INCLUDE, EXCLUDE, SET,
                    TOUCH);

    /** Whether users must not send it: it begins with {@code $}. */
    public static boolean isReserved(String verb) {
        return verb.startsWith("$");
    }

    private Verbs() {}
}
