package io.tuli.merge;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.log.OpenDocument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes edits that were decided against another document fit the one that is here: an element
 * beyond the end of a shorter array comes to its end, and nothing is put where it would replace
 * what is in its way. Pure.
 */
final class Rebase {

    private Rebase() {}

    /** The edit as it fits the document; null if it has no place there. */
    static @Nullable Edit fit(OpenDocument document, Edit edit) {
        List<String> path = edit.key().below();
        Key at = Key.of(edit.key().top());
        for (int depth = 0; depth < path.size() && document.has(at); depth++) {
            int length = document.length(at);
            int index = length < 0 ? -1 : indexOf(path.get(depth));
            boolean isLast = depth == path.size() - 1;
            if (length >= 0 && isLast && index >= length) {
                return isWritten(edit) ? Edit.add(at.child("" + length), edit.value()) : null;
            }
            if (length >= 0 ? index < 0 || index >= length : !document.isObject(at)) {
                return null;
            }
            at = at.child(path.get(depth));
        }
        return edit;
    }

    private static boolean isWritten(Edit edit) {
        return edit.kind() == Edit.Kind.UPDATE || edit.kind() == Edit.Kind.ADD;
    }

    /** The outermost array of the document that an edit reaches into; null if there is none. */
    static @Nullable Key arrayAround(OpenDocument document, Edit edit) {
        Key at = Key.of(edit.key().top());
        for (String segment : edit.key().below()) {
            if (document.length(at) >= 0) {
                return at;
            }
            at = at.child(segment);
        }
        return null;
    }

    /** Whether an edit moves elements of the array. */
    static boolean isShift(Key array, Edit edit) {
        return switch (edit.kind()) {
            case ADD, INSERT, REMOVE ->
                    WriteSet.isAbove(array, edit.key())
                            && edit.key().below().size() == array.below().size() + 1;
            case PUSH, INCLUDE, EXCLUDE -> edit.key().equals(array);
            case UPDATE, INCREMENT, EXPIRE, TOUCH -> false;
        };
    }

    /** Whether an edit inserts into an array, which is in the way of nothing. */
    static boolean isInsertion(OpenDocument document, Edit edit) {
        if (edit.kind() != Edit.Kind.ADD || edit.key().isTop()) {
            return false;
        }
        List<String> path = edit.key().below();
        return document.length(parent(edit.key())) >= 0 && indexOf(path.get(path.size() - 1)) >= 0;
    }

    private static Key parent(Key key) {
        List<String> below = key.below();
        return Key.of(key.top(), below.subList(0, below.size() - 1).toArray(String[]::new));
    }

    private static int indexOf(String segment) {
        return segment.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(segment) : -1;
    }
}
