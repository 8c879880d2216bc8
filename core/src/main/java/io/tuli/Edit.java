package io.tuli;

import io.tuli.error.Require;

/**
 * One mutation of one document, as the changelog records it.
 *
 * @param kind what is done
 * @param key where; never {@link Key#NONE}
 * @param value with what; {@link Payload#NONE} for a removal
 * @param until when the document goes that the edit leaves, in milliseconds since 1970 by the clock
 *     of the owner that decided it; {@link #NEVER} where it stays
 */
public record Edit(Kind kind, Key key, Payload value, long until) {

    /** It goes when it is removed. */
    public static final long NEVER = 0;

    /** The latest that is told from never: thousands of years from now. */
    public static final long UNTIL_MAX = (1L << 47) - 1;

    public Edit {
        Require.argument(!key.isNone(), "an edit has a key", kind);
        Require.argument(until >= 0 && until <= UNTIL_MAX, "until is a time of 47 bits", until);
    }

    /** An edit that leaves a document for good. */
    public Edit(Kind kind, Key key, Payload value) {
        this(kind, key, value, NEVER);
    }

    public static Edit update(Key key, Payload value) {
        return new Edit(Kind.UPDATE, key, value);
    }

    public static Edit add(Key key, Payload value) {
        return new Edit(Kind.ADD, key, value);
    }

    public static Edit remove(Key key) {
        return new Edit(Kind.REMOVE, key, Payload.NONE);
    }

    /** The document has outlived its time. */
    public static Edit expire(Key key) {
        return new Edit(Kind.EXPIRE, key, Payload.NONE);
    }

    /** The same edit, of a document that goes by then. */
    public Edit until(long other) {
        return until == other ? this : new Edit(kind, key, value, other);
    }

    /** Whether what it leaves does not depend on the document there was. */
    public boolean isReplacement() {
        return kind == Kind.UPDATE && key.isTop();
    }

    /**
     * The mutations there are; every other verb comes down to these. The ordinal is the number on
     * the wire.
     */
    public enum Kind {
        /** The value at the key becomes this one; objects on the way are made. */
        UPDATE("update"),
        /**
         * As update, but into an array it is inserted before the index rather than replacing it.
         */
        ADD("add"),
        /** The key goes; from an array its element is taken out and later ones move up. */
        REMOVE("remove"),
        /**
         * The number at the key grows by this one; a missing one is 0. Increments of two sides of a
         * split add up.
         */
        INCREMENT("increment"),
        /**
         * The value becomes an element of the set at the key, an array without repetitions, which
         * is made if missing. Of two sides of a split, both sides' inclusions stay.
         */
        INCLUDE("include"),
        /**
         * The value is an element of the set at the key no more. After a split it takes out what
         * its own side had seen: an element that the other side has included meanwhile stays.
         */
        EXCLUDE("exclude"),
        /**
         * The value becomes the last element of the list at the key, an array, which is made if
         * missing. Of two sides of a split, both sides' elements stay, in the order of their time.
         */
        PUSH("push"),
        /**
         * What was pushed on another side of a split, where its time puts it: as add, before the
         * index that ends the key.
         */
        INSERT("add"),
        /**
         * The whole document goes, because its time is over: no request asked for that. After a
         * split it stays if the other side has written or touched it meanwhile.
         */
        EXPIRE("remove"),
        /** The document goes later, or sooner, or never; nothing else changes. */
        TOUCH("touch");

        private final String verb;

        Kind(String verb) {
            this.verb = verb;
        }

        /** The word for it in feeds and on the command line. */
        public String verb() {
            return verb;
        }
    }
}
