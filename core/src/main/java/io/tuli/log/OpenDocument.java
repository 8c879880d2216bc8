package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import org.jspecify.annotations.Nullable;

/**
 * A document that is read and edited several times in a row: all edits together take about one pass
 * over it, however many they are. A port, like {@link Documents}, from which it comes. Keys are
 * those of {@link Edit}s: what counts is the path below the top. One thread.
 */
public interface OpenDocument {

    /** The document with all edits made so far; {@link Payload#NONE} if there is none. */
    Payload document();

    /** The value at a key; {@link Payload#NONE} if there is none. */
    Payload read(Key key);

    /** Whether there is a value at a key. */
    boolean has(Key key);

    /** Whether there is an object at a key. */
    boolean isObject(Key key);

    /** Elements of the array at a key; -1 if there is none. */
    int length(Key key);

    /** Whether the array at a key has an element with this JSON text. */
    boolean contains(Key key, Payload element);

    /**
     * What an edit would replace that is in its way; null if it fits. Nothing is in the way of a
     * removal, nor of an edit of a whole document.
     */
    @Nullable Misfit misfit(Edit edit);

    /** Makes an edit, as {@link Documents#apply} does: it never throws. */
    void apply(Edit edit);

    /**
     * What an edit does not fit.
     *
     * @param key of the value that can have no such part
     * @param there that value
     */
    record Misfit(Key key, Payload there) {}
}
