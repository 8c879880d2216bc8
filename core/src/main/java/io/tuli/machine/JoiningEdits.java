package io.tuli.machine;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.log.Documents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was counted and collected in a document, as edits: the difference between what it was and
 * what it is. Pure.
 */
public final class JoiningEdits {

    private final Documents documents;

    public JoiningEdits(Documents documents) {
        this.documents = documents;
    }

    /** Whether the edit adds to a counter or a set, and so overrules nothing. */
    public static boolean isJoining(Edit edit) {
        return switch (edit.kind()) {
            case INCREMENT, INCLUDE, EXCLUDE -> true;
            case UPDATE, ADD, REMOVE -> false;
        };
    }

    /** JoiningEdits by the top-level key of their document; each document's in order. */
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
                collected(now, before)
                        .forEach(each -> edits.add(new Edit(Edit.Kind.INCLUDE, key, each)));
                collected(before, now)
                        .forEach(each -> edits.add(new Edit(Edit.Kind.EXCLUDE, key, each)));
            }
        }
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
    private List<Payload> collected(Payload set, Payload other) {
        List<Payload> elements = new ArrayList<>();
        Key top = Key.of("s");
        for (int i = 0; i < documents.length(set); i++) {
            Payload element = documents.read(set, top.child("" + i));
            if (documents.indexOf(other, element) < 0) {
                elements.add(element);
            }
        }
        return elements;
    }

    /** A document in which the values that edits add to are as they are in another. */
    public Payload without(List<Edit> joining, Payload document, Payload other) {
        Payload result = document;
        for (Edit edit : joining) {
            Payload there = documents.read(other, edit.key());
            Edit replacing =
                    there.isNone() ? Edit.remove(edit.key()) : Edit.update(edit.key(), there);
            result = documents.apply(result, replacing);
        }
        return result;
    }
}
