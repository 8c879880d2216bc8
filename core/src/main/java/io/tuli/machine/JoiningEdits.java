package io.tuli.machine;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.log.Documents;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was counted and collected in a document, as edits: the difference between what it was and
 * what it is. Pure.
 */
public final class JoiningEdits {

    private final Documents documents;

    public JoiningEdits(Documents documents) {
        this.documents = documents;
    }

    /** Whether the edit adds to a counter, a set or a list, and so overrules nothing. */
    public static boolean isJoining(Edit edit) {
        return switch (edit.kind()) {
            case INCREMENT, INCLUDE, EXCLUDE, PUSH, INSERT -> true;
            case UPDATE, ADD, REMOVE, EXPIRE, TOUCH -> false;
        };
    }

    /** Whether the edit puts an element at the end of a list. */
    public static boolean isPush(Edit edit) {
        return edit.kind() == Edit.Kind.PUSH || edit.kind() == Edit.Kind.INSERT;
    }

    /** What is counted or collected in by a joining edit. */
    static Key valueOf(Edit edit) {
        return pushed(edit).key();
    }

    /** A push as it was made: wherever its element stands by now, it is the list's last. */
    public static Edit pushed(Edit edit) {
        if (edit.kind() != Edit.Kind.INSERT || edit.key().isTop()) {
            return edit;
        }
        List<String> path = edit.key().below();
        String[] list = path.subList(0, path.size() - 1).toArray(String[]::new);
        return new Edit(Edit.Kind.PUSH, Key.of(edit.key().top(), list), edit.value(), edit.until());
    }

    /** Edits by the top-level key of their document; each document's in order. */
    public static Map<String, List<Edit>> byDocument(List<Edit> edits) {
        Map<String, List<Edit>> byDocument = new LinkedHashMap<>();
        for (Edit edit : edits) {
            byDocument.computeIfAbsent(edit.key().top(), key -> new ArrayList<>()).add(edit);
        }
        return byDocument;
    }

    /** The edits by which the values of the ancestor became those of the document. */
    public List<Edit> since(MergeBases.Ancestor ancestor, Payload document) {
        List<Edit> edits = new ArrayList<>();
        for (Key key : ancestor.values().stream().sorted(JoiningEdits::inOrder).toList()) {
            Payload before = documents.read(ancestor.document(), key);
            Payload now = documents.read(document, key);
            if (documents.isNumber(now)) {
                edits.add(new Edit(Edit.Kind.INCREMENT, key, difference(before, now)));
            } else if (documents.length(now) >= 0) {
                edits.addAll(
                        ancestor.lists().contains(key)
                                ? listed(key, before, now)
                                : collected(key, before, now));
            }
        }
        return edits;
    }

    /**
     * What was pushed to a list, and what of it is gone. Where elements were moved, or some of
     * equal ones are gone, no pushes tell what it is: then nothing.
     */
    private List<Edit> listed(Key key, Payload before, Payload now) {
        List<Payload> after = documents.elements(now);
        Set<Payload> there = new HashSet<>(after);
        List<Edit> edits = new ArrayList<>();
        List<Payload> left = new ArrayList<>();
        for (Payload element : new LinkedHashSet<>(documents.elements(before))) {
            if (!there.contains(element)) {
                edits.add(new Edit(Edit.Kind.EXCLUDE, key, element));
            }
        }
        for (Payload element : documents.elements(before)) {
            if (there.contains(element)) {
                left.add(element);
            }
        }
        int known = 0;
        for (Payload element : after) {
            if (known < left.size() && left.get(known).equals(element)) {
                known++;
            } else {
                edits.add(new Edit(Edit.Kind.PUSH, key, element));
            }
        }
        return known == left.size() ? edits : List.of();
    }

    private List<Edit> collected(Key key, Payload before, Payload now) {
        List<Edit> edits = new ArrayList<>();
        without(now, before).forEach(each -> edits.add(new Edit(Edit.Kind.INCLUDE, key, each)));
        without(before, now).forEach(each -> edits.add(new Edit(Edit.Kind.EXCLUDE, key, each)));
        return edits;
    }

    private static int inOrder(Key a, Key b) {
        return a.toString().compareTo(b.toString());
    }

    private Payload difference(Payload before, Payload now) {
        String text = documents.isNumber(before) ? documents.text(before).strip() : "0";
        String negative = text.startsWith("-") ? text.substring(1) : "-" + text;
        Key number = Key.of("n");
        Edit subtraction = new Edit(Edit.Kind.INCREMENT, number, Payload.json(negative));
        return documents.apply(now, subtraction);
    }

    /** Elements of one set that are not in another. */
    private Set<Payload> without(Payload set, Payload other) {
        Set<Payload> elements = new LinkedHashSet<>(documents.elements(set));
        documents.elements(other).forEach(elements::remove);
        return elements;
    }

    /** A document in which the values that edits add to are as they are in another. */
    public Payload without(List<Edit> joining, Payload document, Payload other) {
        Payload result = document;
        Set<Key> values = new LinkedHashSet<>();
        joining.forEach(edit -> values.add(edit.key()));
        for (Key key : values) {
            Payload there = documents.read(other, key);
            Edit replacing = there.isNone() ? Edit.remove(key) : Edit.update(key, there);
            result = documents.apply(result, replacing);
        }
        return result;
    }
}
