package io.tuli.document;

import io.tuli.Edit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.Payload.Format;
import io.tuli.Verbs;
import io.tuli.error.Excerpt;
import io.tuli.error.Nearest;
import io.tuli.log.Documents;
import io.tuli.log.OpenDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each built-in verb means: the edits it comes to, what it replies, what it refuses. There is
 * no other place that says so. Pure, stateless and total: every request gets a verdict.
 *
 * <p>What is there stays there unless the verb names it: an edit that would replace what is in its
 * way is refused with CONFLICT.
 */
public final class DocumentVerbs {

    private static final Payload TRUE = Payload.json("true");
    private static final Payload FALSE = Payload.json("false");
    private static final Verdict NO_CHANGE = new Verdict.Allowed(List.of(), FALSE);

    /** Of one character of Java. */
    private static final int UTF8_BYTES_MAX = 3;

    private final Documents documents;
    private final Limits limits;

    public DocumentVerbs(Documents documents, Limits limits) {
        this.documents = documents;
        this.limits = limits;
    }

    /** Opens the documents that a verb is about. */
    @FunctionalInterface
    public interface Source {
        OpenDocument open(String topLevelKey);
    }

    /**
     * What a verb does at a key.
     *
     * @param body one valid JSON text, or bytes; {@link Payload#NONE} stands for JSON null
     * @param source is asked for the key's document, unless all of it is replaced
     */
    public Verdict decide(String verb, Key key, Payload body, Source source) {
        if (!Verbs.BUILT_IN.contains(verb)) {
            return refused(
                    Failure.METHOD_NOT_ALLOWED,
                    "405 method not allowed: the handler passed on verb \""
                            + Excerpt.of(verb)
                            + "\", and it is not built in"
                            + Nearest.question(verb, Verbs.BUILT_IN));
        }
        if (key.isNone()) {
            return refused(Failure.BAD_REQUEST, "verb \"" + verb + "\" needs a key: there is none");
        }
        Verdict tooLarge = tooLong(key);
        if (tooLarge == null && !key.isTop()) {
            tooLarge = tooDeep(key, Payload.NONE, 0);
        }
        if (tooLarge != null) {
            return tooLarge;
        }
        Payload value = body.isNone() ? Payload.NULL : body;
        return verb.equals(Verbs.SET)
                ? set(key, value, source)
                : decideOne(verb, key, value, source);
    }

    /**
     * Whether all a verb does at a key is to give the whole document another value, whatever there
     * was: then it edits that and replies nothing.
     */
    public boolean isReplacement(String verb, Key key) {
        return isTopUpdate(verb, key) && !key.isNone() && tooLong(key) == null;
    }

    private static boolean isTopUpdate(String verb, Key key) {
        return verb.equals(Verbs.UPDATE) && key.isTop();
    }

    private Verdict decideOne(String verb, Key key, Payload value, Source source) {
        if (isTopUpdate(verb, key)) {
            return allowed(Edit.update(key, value), Payload.NONE);
        }
        OpenDocument document = source.open(key.top());
        return switch (verb) {
            case Verbs.UPDATE -> fitting(document, Edit.update(key, value), Payload.NONE);
            case Verbs.REPLACE -> replace(key, value, document);
            case Verbs.REMOVE -> remove(key, document);
            case Verbs.TOUCH -> touch(key, document);
            case Verbs.ADD -> add(key, value, document);
            case Verbs.PUSH -> push(key, value, document);
            case Verbs.PATCH -> patch(key, value, document);
            case Verbs.INCREMENT -> increment(key, value, document);
            case Verbs.INCLUDE -> include(key, value, document);
            default -> exclude(key, value, document);
        };
    }

    // ---- the verbs -----------------------------------------------------------------------------

    private static Verdict remove(Key key, OpenDocument document) {
        return document.has(key) ? allowed(Edit.remove(key), TRUE) : NO_CHANGE;
    }

    private Verdict replace(Key key, Payload body, OpenDocument document) {
        Map<String, Payload> fields = documents.fields(body);
        Payload expected = fields.get("expected");
        Payload value = fields.get("value");
        if (expected == null || value == null) {
            return refused(
                    Failure.BAD_REQUEST,
                    "replace needs {\"expected\":…,\"value\":…}, null is a value: "
                            + at(key)
                            + " body="
                            + ValueExcerpt.of(body));
        }
        Payload there = document.read(key);
        if (there.isNone() || !documents.isEqual(there, expected)) {
            return refused(
                    Failure.CONFLICT,
                    "replace needs the value it expects, read again and decide anew: "
                            + holds(key, there)
                            + " expected="
                            + ValueExcerpt.of(expected));
        }
        return fitting(document, Edit.update(key, value), Payload.NONE);
    }

    private static Verdict touch(Key key, OpenDocument document) {
        if (!key.isTop()) {
            return refused(
                    Failure.BAD_REQUEST,
                    "what expires is a whole document, its fields go with it: " + at(key));
        }
        Edit edit = new Edit(Edit.Kind.TOUCH, key, Payload.NONE);
        return document.has(key) ? allowed(edit, TRUE) : NO_CHANGE;
    }

    private Verdict add(Key key, Payload value, OpenDocument document) {
        boolean isInsertion = !key.isTop() && document.length(parent(key)) >= 0;
        if (!isInsertion && document.has(key)) {
            return refused(
                    Failure.CONFLICT,
                    "add needs a key that does not exist, use update to replace: "
                            + holds(key, document.read(key)));
        }
        return fitting(document, Edit.add(key, value), documents.string(key.toString()));
    }

    private static Key parent(Key key) {
        List<String> below = key.below();
        return Key.of(key.top(), below.subList(0, below.size() - 1).toArray(String[]::new));
    }

    private Verdict push(Key key, Payload value, OpenDocument document) {
        if (value.format() != Format.JSON) {
            return notJson(Verbs.PUSH, key, value);
        }
        int length = document.length(key);
        if (length < 0 && document.has(key)) {
            return notAnArray(Verbs.PUSH, key, document);
        }
        Edit edit = new Edit(Edit.Kind.PUSH, key, value);
        return fitting(document, edit, Payload.json(Integer.toString(Math.max(length, 0))));
    }

    private Verdict patch(Key key, Payload value, OpenDocument document) {
        Map<String, Payload> fields = documents.fields(value);
        if (fields.isEmpty() && !isObject(value)) {
            return refused(
                    Failure.BAD_REQUEST,
                    "patch needs an object with the fields to set: "
                            + at(key)
                            + " body="
                            + ValueExcerpt.of(value));
        }
        if (fields.containsKey("")) {
            return refused(
                    Failure.BAD_REQUEST,
                    "patch cannot set a field without a name, no key reaches it: " + at(key));
        }
        List<Edit> edits = new ArrayList<>(fields.size());
        fields.forEach((name, each) -> edits.add(Edit.update(key.child(name), each)));
        Verdict refusal = tooDeep(key, value, 0);
        for (int i = 0; i < edits.size() && refusal == null; i++) {
            refusal = tooLong(edits.get(i).key());
        }
        if (refusal == null) {
            refusal = refusal(document, key, fields.keySet());
        }
        return refusal == null ? new Verdict.Allowed(edits, Payload.NONE) : refusal;
    }

    /** What refuses fields below a key: of an object none or all, of an array one by one. */
    private static @Nullable Verdict refusal(OpenDocument document, Key key, Set<String> fields) {
        int length = document.length(key);
        int end = length;
        for (String field : fields) {
            if (length < 0) {
                return refusal(document, Edit.update(key.child(field), Payload.NULL));
            }
            int index = indexOf(field);
            if (index < 0 || index > end) {
                return refusal(document, Edit.update(key.child(field), Payload.NULL));
            }
            end += index == end ? 1 : 0;
        }
        return null;
    }

    /** The index that a segment names in an array; -1 if it names none. */
    private static int indexOf(String segment) {
        return segment.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(segment) : -1;
    }

    private Verdict increment(Key key, Payload value, OpenDocument document) {
        OptionalLong by = WholeNumber.of(value);
        if (by.isEmpty()) {
            return refused(
                    Failure.BAD_REQUEST,
                    "increment adds an integer of 64 bits: "
                            + at(key)
                            + " body="
                            + ValueExcerpt.of(value));
        }
        Payload before = document.read(key);
        OptionalLong count = before.isNone() ? OptionalLong.of(0) : WholeNumber.of(before);
        if (count.isEmpty()) {
            return refused(
                    Failure.CONFLICT,
                    "increment needs an integer of 64 bits or nothing at the key: "
                            + holds(key, before));
        }
        long sum = count.getAsLong() + by.getAsLong();
        if (((count.getAsLong() ^ sum) & (by.getAsLong() ^ sum)) < 0) {
            return refused(
                    Failure.CONFLICT,
                    "a counter has 64 bits, the sum has more: "
                            + holds(key, before)
                            + " increment="
                            + by.getAsLong());
        }
        Edit edit = new Edit(Edit.Kind.INCREMENT, key, value);
        return fitting(document, edit, Payload.json(Long.toString(sum)));
    }

    /** Recorded though the element may be there: after a split it counts that it was included. */
    private Verdict include(Key key, Payload value, OpenDocument document) {
        if (value.format() != Format.JSON) {
            return notJson(Verbs.INCLUDE, key, value);
        }
        if (document.length(key) < 0 && document.has(key)) {
            return notAnArray(Verbs.INCLUDE, key, document);
        }
        Edit edit = new Edit(Edit.Kind.INCLUDE, key, value);
        return fitting(document, edit, document.contains(key, value) ? FALSE : TRUE);
    }

    private static Verdict exclude(Key key, Payload value, OpenDocument document) {
        if (value.format() != Format.JSON) {
            return notJson(Verbs.EXCLUDE, key, value);
        }
        if (document.length(key) < 0 && document.has(key)) {
            return notAnArray(Verbs.EXCLUDE, key, document);
        }
        return document.contains(key, value)
                ? allowed(new Edit(Edit.Kind.EXCLUDE, key, value), TRUE)
                : NO_CHANGE;
    }

    /** A change as a message: the verb and its value are in the body. */
    private Verdict set(Key key, Payload change, Source source) {
        Map<String, Payload> fields = documents.fields(change);
        Payload named = fields.get("verb");
        String verb = named == null ? "" : documents.text(named);
        if (verb.equals(Verbs.SET) || !Verbs.BUILT_IN.contains(verb)) {
            return refused(
                    Failure.BAD_REQUEST,
                    "set needs {\"verb\":…,\"value\":…} with a built-in verb: "
                            + at(key)
                            + " body="
                            + ValueExcerpt.of(change));
        }
        Payload value = fields.get("value");
        if (value == null && !verb.equals(Verbs.REMOVE)) {
            return refused(
                    Failure.BAD_REQUEST,
                    "set needs {\"verb\":…,\"value\":…}, null is a value: "
                            + at(key)
                            + " verb="
                            + verb);
        }
        return decideOne(verb, key, value == null ? Payload.NULL : value, source);
    }

    // ---- what is refused -----------------------------------------------------------------------

    private Verdict fitting(OpenDocument document, Edit edit, Payload reply) {
        Key key = edit.key();
        Verdict refusal = refusal(document, edit);
        if (refusal == null) {
            refusal = tooLong(key);
        }
        if (refusal == null) {
            refusal = tooDeep(key, edit.value(), isElement(edit) ? 1 : 0);
        }
        return refusal == null ? allowed(edit, reply) : refusal;
    }

    private static boolean isElement(Edit edit) {
        return edit.kind() == Edit.Kind.INCLUDE || edit.kind() == Edit.Kind.PUSH;
    }

    private static @Nullable Verdict refusal(OpenDocument document, Edit edit) {
        OpenDocument.Misfit misfit = document.misfit(edit);
        if (misfit == null) {
            return null;
        }
        return refused(
                Failure.CONFLICT,
                "an edit replaces nothing but what its key names: "
                        + at(edit.key())
                        + "; in its way is "
                        + holds(misfit.key(), misfit.there()));
    }

    private @Nullable Verdict tooLong(Key key) {
        boolean mayBe = key.toString().length() > limits.keyBytes() / UTF8_BYTES_MAX;
        return mayBe && key.sizeBytes() > limits.keyBytes()
                ? refused(
                        Failure.TOO_LARGE,
                        "a key has at most key.bytes="
                                + limits.keyBytes()
                                + " bytes: it has "
                                + key.sizeBytes()
                                + " "
                                + at(key))
                : null;
    }

    /** A value that would lie so many levels below the key. */
    private @Nullable Verdict tooDeep(Key key, Payload value, int below) {
        return key.below().size() + below + documents.depth(value) > limits.documentDepth()
                ? refused(
                        Failure.TOO_LARGE,
                        "a document must not nest deeper than document.depth: document.depth="
                                + limits.documentDepth()
                                + " "
                                + at(key))
                : null;
    }

    private static Verdict notAnArray(String verb, Key key, OpenDocument document) {
        return refused(
                Failure.CONFLICT,
                verb + " needs an array or nothing at the key: " + holds(key, document.read(key)));
    }

    private static Verdict notJson(String verb, Key key, Payload value) {
        return refused(
                Failure.BAD_REQUEST,
                verb
                        + " needs a JSON value: "
                        + at(key)
                        + " body="
                        + ValueExcerpt.of(value)
                        + " format="
                        + value.format());
    }

    private static boolean isObject(Payload value) {
        return value.format() == Format.JSON
                && ValueExcerpt.of(value).stripLeading().startsWith("{");
    }

    private static String at(Key key) {
        return "key=" + Excerpt.of(key);
    }

    private static String holds(Key key, Payload value) {
        return at(key) + " holds=" + ValueExcerpt.of(value);
    }

    private static Verdict allowed(Edit edit, Payload reply) {
        return new Verdict.Allowed(List.of(edit), reply);
    }

    private static Verdict refused(Failure failure, String detail) {
        return new Verdict.Refused(failure, detail);
    }
}
