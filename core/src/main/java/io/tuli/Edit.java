package io.tuli;

import io.tuli.error.Require;

/**
 * One mutation of one document, as the changelog records it.
 *
 * @param kind what is done
 * @param key where; never {@link Key#NONE}
 * @param value with what; {@link Payload#NONE} for a removal
 */
public record Edit(Kind kind, Key key, Payload value) {

    public Edit {
        Require.argument(!key.isNone(), "an edit has a key", kind);
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
        INSERT("add");

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
