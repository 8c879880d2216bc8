package io.tuli.replica;

import io.tuli.Edit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Nearest;
import io.tuli.Payload;
import io.tuli.Verbs;
import io.tuli.log.Documents;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the built-in verbs decide. Pure: document and request in, decision out. */
final class BuiltIn {

    private static final Payload TRUE = Payload.json("true");
    private static final Payload FALSE = Payload.json("false");

    private final Documents documents;

    BuiltIn(Documents documents) {
        this.documents = documents;
    }

    Decision decide(Frame.Request request, Task.Reader reader) {
        if (!Verbs.BUILT_IN.contains(request.verb())) {
            return new Decision.Fail(
                    Failure.METHOD_NOT_ALLOWED,
                    "405 method not allowed: the handler passed on verb \""
                            + request.verb()
                            + "\", and it is not built in"
                            + Nearest.question(request.verb(), Verbs.BUILT_IN));
        }
        if (request.key().isNone()) {
            return new Decision.Fail(
                    Failure.BAD_REQUEST,
                    "verb \"" + request.verb() + "\" needs a key: there is none");
        }
        return decide(request.verb(), request.key(), request.body(), reader);
    }

    private Decision decide(String verb, Key key, Payload body, Task.Reader reader) {
        Payload value = body.isNone() ? Payload.NULL : body;
        if (verb.equals(Verbs.UPDATE)) {
            return edits(List.of(Edit.update(key, value)), Payload.NONE);
        }
        Payload document = reader.read(key.top());
        return switch (verb) {
            case Verbs.REMOVE -> remove(key, document);
            case Verbs.ADD -> add(key, value, document);
            case Verbs.PUSH -> push(key, value, document);
            case Verbs.PATCH -> patch(key, value);
            case Verbs.INCREMENT -> increment(key, value, document);
            case Verbs.INCLUDE -> include(key, value, document);
            case Verbs.EXCLUDE -> exclude(key, value, document);
            default -> set(key, value, reader);
        };
    }

    private Decision remove(Key key, Payload document) {
        boolean isThere = !documents.read(document, key).isNone();
        return isThere ? edits(List.of(Edit.remove(key)), TRUE) : Decision.Done.reply(FALSE);
    }

    private Decision add(Key key, Payload value, Payload document) {
        boolean isInsertion =
                !key.isTop() && documents.length(documents.read(document, parent(key))) >= 0;
        if (!isInsertion && !documents.read(document, key).isNone()) {
            return new Decision.Fail(
                    Failure.CONFLICT,
                    "add needs a key that does not exist: \"" + key + "\" does (use update)");
        }
        return edits(List.of(Edit.add(key, value)), documents.string(key.toString()));
    }

    private static Key parent(Key key) {
        List<String> below = key.below();
        return Key.of(key.top(), below.subList(0, below.size() - 1).toArray(String[]::new));
    }

    private Decision push(Key key, Payload value, Payload document) {
        if (value.format() != Payload.Format.JSON) {
            return new Decision.Fail(
                    Failure.BAD_REQUEST, "push needs a JSON value: it is " + value.format());
        }
        Payload array = documents.read(document, key);
        if (array.isNone()) {
            Payload first =
                    Payload.json("[" + new String(value.bytes(), StandardCharsets.UTF_8) + "]");
            return edits(List.of(Edit.update(key, first)), Payload.json("0"));
        }
        int length = documents.length(array);
        if (length < 0) {
            return new Decision.Fail(
                    Failure.CONFLICT,
                    "push needs an array at the key: \"" + key + "\" holds something else");
        }
        Edit edit = Edit.add(key.child(Integer.toString(length)), value);
        return edits(List.of(edit), Payload.json(Integer.toString(length)));
    }

    private Decision patch(Key key, Payload value) {
        Map<String, Payload> fields = documents.fields(value);
        if (fields.isEmpty() && !value.toString().startsWith("{")) {
            return new Decision.Fail(
                    Failure.BAD_REQUEST,
                    "patch needs an object with the fields to set: it is " + value);
        }
        List<Edit> edits = new ArrayList<>(fields.size());
        fields.forEach((field, each) -> edits.add(Edit.update(key.child(field), each)));
        return edits(edits, Payload.NONE);
    }

    private Decision increment(Key key, Payload value, Payload document) {
        Payload before = documents.read(document, key);
        if (!documents.isNumber(value) || !(before.isNone() || documents.isNumber(before))) {
            return new Decision.Fail(
                    Failure.BAD_REQUEST,
                    "increment adds a number to a number: " + value + " to " + before);
        }
        Edit edit = new Edit(Edit.Kind.INCREMENT, key, value);
        Payload after = documents.read(documents.apply(document, edit), key);
        return edits(List.of(edit), after);
    }

    /** Recorded though the element may be there: after a split it counts that it was included. */
    private Decision include(Key key, Payload value, Payload document) {
        Payload set = documents.read(document, key);
        if (value.format() != Payload.Format.JSON || !isSet(set)) {
            return notASet(Verbs.INCLUDE, key, set);
        }
        boolean isNew = documents.indexOf(set, value) < 0;
        Edit edit = new Edit(Edit.Kind.INCLUDE, key, value);
        return edits(List.of(edit), isNew ? TRUE : FALSE);
    }

    private Decision exclude(Key key, Payload value, Payload document) {
        Payload set = documents.read(document, key);
        if (!isSet(set)) {
            return notASet(Verbs.EXCLUDE, key, set);
        }
        Edit edit = new Edit(Edit.Kind.EXCLUDE, key, value);
        boolean isThere = documents.indexOf(set, value) >= 0;
        return isThere ? edits(List.of(edit), TRUE) : Decision.Done.reply(FALSE);
    }

    private boolean isSet(Payload value) {
        return value.isNone() || documents.length(value) >= 0;
    }

    private static Decision notASet(String verb, Key key, Payload set) {
        return new Decision.Fail(
                Failure.CONFLICT,
                verb
                        + " needs a JSON element, and an array or nothing at the key: \""
                        + key
                        + "\" holds "
                        + set);
    }

    private Decision set(Key key, Payload change, Task.Reader reader) {
        Map<String, Payload> fields = documents.fields(change);
        String verb = documents.text(fields.getOrDefault("verb", documents.string(Verbs.UPDATE)));
        if (verb.equals(Verbs.SET) || !Verbs.BUILT_IN.contains(verb)) {
            return new Decision.Fail(
                    Failure.BAD_REQUEST,
                    "set needs {\"verb\":…,\"value\":…} with a built-in verb: verb is \""
                            + verb
                            + "\"");
        }
        return decide(verb, key, fields.getOrDefault("value", Payload.NULL), reader);
    }

    private static Decision edits(List<Edit> edits, Payload reply) {
        return new Decision.Done(edits, List.of(), reply, null);
    }
}
