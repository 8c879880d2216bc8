package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import java.util.List;
import java.util.Map;

/**
 * What can be done inside a document. A port: pure functions of bytes, deterministic to the byte on
 * every member, because every replica applies the same edits and digests are compared.
 */
public interface Documents {

    /**
     * The document after an edit at or below its top. Total: an edit that does not fit what is
     * there (a field of a number, an index beyond an array's end) replaces what is in the way, and
     * never throws.
     *
     * @return {@link Payload#NONE} where nothing is left
     */
    Payload apply(Payload document, Edit edit);

    /** The document after these edits, one after the other: one pass for all of them. */
    default Payload applyAll(Payload document, List<Edit> edits) {
        if (edits.size() == 1) {
            return apply(document, edits.get(0));
        }
        OpenDocument open = open(document);
        for (int i = 0; i < edits.size(); i++) {
            open.apply(edits.get(i));
        }
        return open.document();
    }

    /** Opens a document to be read and edited several times. */
    OpenDocument open(Payload document);

    /** The value at {@code key.below()} in the document; {@link Payload#NONE} if there is none. */
    Payload read(Payload document, Key key);

    /**
     * Whether two values say the same: bytes where they are the same bytes, JSON whatever the order
     * of its fields and the way its texts are written.
     */
    boolean isEqual(Payload value, Payload other);

    /** How deep a value nests: 0 for a scalar or for bytes, 1 for {@code []}. */
    int depth(Payload value);

    /** Whether the value is a JSON number. */
    boolean isNumber(Payload value);

    /** The index of an element with this JSON text in an array; -1 if there is none. */
    int indexOf(Payload array, Payload element);

    /** Elements of a JSON array; -1 if it is none. */
    int length(Payload value);

    /** The elements of a JSON array in order; empty if it is none. */
    List<Payload> elements(Payload array);

    /** The fields of a JSON object in order; empty if it is none. */
    Map<String, Payload> fields(Payload value);

    /** A JSON string's text, anything else as JSON text. */
    String text(Payload value);

    /** Text as a JSON string. */
    Payload string(String text);
}
