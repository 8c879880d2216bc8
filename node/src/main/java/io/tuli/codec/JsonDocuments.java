package io.tuli.codec;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.Payload.Format;
import io.tuli.log.Documents;
import io.tuli.log.OpenDocument;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Edits JSON documents where they lie: finds the place in the bytes, copies what is around it once.
 * No tree is built and no number is ever read, so every value keeps its spelling, and what one
 * replica makes of an edit every other makes too, whatever version of whatever library it runs.
 *
 * <p>Stateless and thread-safe. A document that is not JSON is in the way like any other value that
 * does not fit; a missing step of a path becomes an object, never an array. Time is linear in the
 * document for each segment of the path.
 */
public final class JsonDocuments implements Documents {
    private static final byte[] NOTHING = {};

    @Override
    public Payload apply(Payload document, Edit edit) {
        if (edit.kind() == Edit.Kind.INCREMENT) {
            Payload sum = Numbers.sum(read(document, edit.key()), edit.value());
            return apply(document, Edit.update(edit.key(), sum));
        }
        if (edit.kind() == Edit.Kind.INCLUDE
                || edit.kind() == Edit.Kind.EXCLUDE
                || edit.kind() == Edit.Kind.PUSH) {
            return changed(document, edit);
        }
        if (edit.kind() == Edit.Kind.TOUCH) {
            return document;
        }
        boolean removes =
                edit.kind() == Edit.Kind.REMOVE
                        || edit.kind() == Edit.Kind.EXPIRE
                        || edit.value().isNone();
        if (edit.key().isTop()) {
            return removes ? Payload.NONE : edit.value();
        }
        List<String> path = edit.key().below();
        if (removes) {
            return remove(document, path);
        }
        byte[] value = inside(edit.value());
        if (document.format() != Format.JSON) {
            return json(nested(path, 0, value));
        }
        byte[] json = document.bytes();
        return switch (Place.of(json, path)) {
            case Place.Found found when found.isInArray() && inserts(edit) ->
                    json(splice(json, found.start(), found.start(), concat(value, bytes(","))));
            case Place.Found found -> json(splice(json, found.start(), found.end(), value));
            case Place.Missing missing ->
                    json(splice(json, missing.at(), missing.at(), member(missing, path, value)));
            case Place.Blocked blocked -> {
                byte[] instead = nested(path, blocked.segment(), value);
                yield json(splice(json, blocked.start(), blocked.end(), instead));
            }
        };
    }

    /** Whether into an array it is put before the index, rather than in the place of another. */
    static boolean inserts(Edit edit) {
        return edit.kind() == Edit.Kind.ADD || edit.kind() == Edit.Kind.INSERT;
    }

    /** Sets and lists are arrays: an element is put at its end, or taken out of it. */
    private Payload changed(Payload document, Edit edit) {
        return switch (edit.kind()) {
            case PUSH -> pushed(document, edit.key(), edit.value());
            case INCLUDE ->
                    length(document, edit.key()) >= 0
                                    && contains(document, edit.key(), edit.value())
                            ? document
                            : pushed(document, edit.key(), edit.value());
            default -> excluded(document, edit.key(), edit.value());
        };
    }

    private Payload pushed(Payload document, Key key, Payload element) {
        int length = length(document, key);
        return length < 0
                ? apply(document, Edit.update(key, json(arrayOf(inside(element)))))
                : apply(document, Edit.add(key.child("" + length), element));
    }

    private Payload excluded(Payload document, Key key, Payload element) {
        Payload set = read(document, key);
        int start = opening(set, '[');
        int at = start < 0 ? -1 : indexOf(set.bytes(), start, element);
        if (at < 0) {
            return document;
        }
        byte[] value = inside(element);
        if (count(set.bytes(), start, value) < 2) {
            return apply(document, Edit.remove(key.child("" + at)));
        }
        byte[] left = without(set.bytes(), members -> says(members, set.bytes(), value));
        return apply(document, Edit.update(key, json(left)));
    }

    private static int count(byte[] json, int start, byte[] value) {
        int count = 0;
        Members members = new Members(json, start);
        while (members.next()) {
            count += says(members, json, value) ? 1 : 0;
        }
        return count;
    }

    private static boolean says(Members members, byte[] json, byte[] value) {
        return Arrays.equals(json, members.start(), members.end(), value, 0, value.length);
    }

    @Override
    public OpenDocument open(Payload document) {
        return new OpenJson(this, document);
    }

    /** Whether an edit only takes something out, and so needs no room. */
    static boolean takesOut(Edit edit) {
        return switch (edit.kind()) {
            case REMOVE, EXCLUDE, EXPIRE, TOUCH -> true;
            case UPDATE, ADD, INSERT -> edit.value().isNone();
            case INCREMENT, INCLUDE, PUSH -> false;
        };
    }

    /** What is in the way of a value at a key; null if nothing is. */
    static OpenDocument.@Nullable Misfit misfit(Payload document, Key key) {
        if (key.isTop() || document.isNone()) {
            return null;
        }
        if (document.format() != Format.JSON) {
            return new OpenDocument.Misfit(part(key, 0), document);
        }
        byte[] json = document.bytes();
        return Place.of(json, key.below()) instanceof Place.Blocked blocked
                ? new OpenDocument.Misfit(
                        part(key, blocked.segment()),
                        json(Arrays.copyOfRange(json, blocked.start(), blocked.end())))
                : null;
    }

    /** The key of what holds the segment of that number. */
    static Key part(Key key, int segment) {
        return Key.of(key.top(), key.below().subList(0, segment).toArray(String[]::new));
    }

    boolean has(Payload document, Key key) {
        return key.isTop()
                ? !document.isNone()
                : document.format() == Format.JSON
                        && Place.of(document.bytes(), key.below()) instanceof Place.Found;
    }

    boolean isObject(Payload document, Key key) {
        return opening(document, key, '{') >= 0;
    }

    int length(Payload document, Key key) {
        int start = opening(document, key, '[');
        return start < 0 ? -1 : length(document.bytes(), start);
    }

    boolean contains(Payload document, Key key, Payload element) {
        int start = opening(document, key, '[');
        return start >= 0 && indexOf(document.bytes(), start, element) >= 0;
    }

    /** Where the container at a key begins in the document; -1 if there is none of that kind. */
    private static int opening(Payload document, Key key, char bracket) {
        if (key.isTop() || document.format() != Format.JSON) {
            return opening(document, bracket);
        }
        byte[] json = document.bytes();
        return Place.of(json, key.below()) instanceof Place.Found found
                        && json[found.start()] == bracket
                ? found.start()
                : -1;
    }

    @Override
    public Payload read(Payload document, Key key) {
        if (key.isTop()) {
            return document;
        }
        if (document.format() != Format.JSON) {
            return Payload.NONE;
        }
        byte[] json = document.bytes();
        return Place.of(json, key.below()) instanceof Place.Found found
                ? json(Arrays.copyOfRange(json, found.start(), found.end()))
                : Payload.NONE;
    }

    @Override
    public boolean isEqual(Payload value, Payload other) {
        return value.equals(other)
                || (value.format() == Format.JSON
                        && other.format() == Format.JSON
                        && JsonEquality.areEqual(value.bytes(), other.bytes()));
    }

    @Override
    public int depth(Payload value) {
        return value.format() == Format.JSON ? JsonText.depth(value.bytes()) : 0;
    }

    @Override
    public boolean isNumber(Payload value) {
        return Numbers.isNumber(value);
    }

    @Override
    public int indexOf(Payload array, Payload element) {
        int start = opening(array, '[');
        return start < 0 ? -1 : indexOf(array.bytes(), start, element);
    }

    private static int indexOf(byte[] json, int start, Payload element) {
        byte[] wanted = inside(element);
        Members members = new Members(json, start);
        while (members.next()) {
            if (says(members, json, wanted)) {
                return members.count() - 1;
            }
        }
        return -1;
    }

    @Override
    public int length(Payload value) {
        int start = opening(value, '[');
        return start < 0 ? -1 : length(value.bytes(), start);
    }

    private static int length(byte[] json, int start) {
        Members members = new Members(json, start);
        while (members.next()) {
            // Counting is all.
        }
        return members.isMalformed() ? -1 : members.count();
    }

    @Override
    public List<Payload> elements(Payload array) {
        List<Payload> elements = new ArrayList<>();
        int start = opening(array, '[');
        if (start >= 0) {
            Members members = new Members(array.bytes(), start);
            while (members.next()) {
                elements.add(
                        json(Arrays.copyOfRange(array.bytes(), members.start(), members.end())));
            }
        }
        return elements;
    }

    @Override
    public Map<String, Payload> fields(Payload value) {
        Map<String, Payload> fields = new LinkedHashMap<>();
        int start = opening(value, '{');
        if (start < 0) {
            return fields;
        }
        byte[] json = value.bytes();
        Members members = new Members(json, start);
        while (members.next()) {
            String name = JsonString.unquote(json, members.member(), members.nameEnd());
            fields.put(name, json(Arrays.copyOfRange(json, members.start(), members.end())));
        }
        return fields;
    }

    /** Opaque bytes become Base64; no value, no text. */
    @Override
    public String text(Payload value) {
        int start = opening(value, '"');
        if (start >= 0) {
            int end = JsonText.skipString(value.bytes(), start);
            if (end != JsonText.MALFORMED) {
                return JsonString.unquote(value.bytes(), start, end);
            }
        }
        return switch (value.format()) {
            case NONE -> "";
            case JSON -> new String(value.bytes(), StandardCharsets.UTF_8);
            case OPAQUE -> Base64.getEncoder().encodeToString(value.bytes());
        };
    }

    @Override
    public Payload string(String text) {
        return json(JsonString.quote(text));
    }

    /** Takes out an element, or a field under its name: each, should it be there twice. */
    private static Payload remove(Payload document, List<String> path) {
        if (document.format() != Format.JSON
                || !(Place.of(document.bytes(), path) instanceof Place.Found found)) {
            return document;
        }
        byte[] json = document.bytes();
        List<String> above = path.subList(0, path.size() - 1);
        if (!found.isRepeated() || !(Place.of(json, above) instanceof Place.Found parent)) {
            return json(without(json, found));
        }
        String name = path.get(path.size() - 1);
        byte[] quoted = JsonString.quote(name);
        byte[] object = Arrays.copyOfRange(json, parent.start(), parent.end());
        byte[] left =
                without(
                        object,
                        members ->
                                JsonString.says(
                                        object, members.member(), members.nameEnd(), name, quoted));
        return json(splice(json, parent.start(), parent.end(), left));
    }

    /** A container without those of its members, in one pass. */
    private static byte[] without(byte[] container, Predicate<Members> which) {
        int start = JsonText.skipSpace(container, 0);
        ByteArrayOutputStream left = new ByteArrayOutputStream(container.length);
        left.write(container[start]);
        Members members = new Members(container, start);
        while (members.next()) {
            if (!which.test(members)) {
                if (left.size() > 1) {
                    left.write(',');
                }
                left.write(container, members.member(), members.end() - members.member());
            }
        }
        left.write(container, members.closing(), container.length - members.closing());
        return left.toByteArray();
    }

    /**
     * Takes out the member and the comma that parts it from the next one, else from the one before.
     */
    private static byte[] without(byte[] json, Place.Found found) {
        int next = JsonText.skipSpace(json, found.end());
        if (next < json.length && json[next] == ',') {
            return splice(json, found.member(), JsonText.skipSpace(json, next + 1), NOTHING);
        }
        int before = found.member() - 1;
        while (JsonText.isSpace(json[before])) {
            before--;
        }
        int from = json[before] == ',' ? before : found.member();
        return splice(json, from, found.end(), NOTHING);
    }

    private static byte[] member(Place.Missing missing, List<String> path, byte[] value) {
        byte[] comma = missing.isFirst() ? NOTHING : bytes(",");
        if (missing.isInArray()) {
            return concat(comma, nested(path, missing.segment() + 1, value));
        }
        byte[] object = nested(path, missing.segment(), value);
        return concat(comma, Arrays.copyOfRange(object, 1, object.length - 1));
    }

    /** The value inside of an object for each segment from number {@code from} on. */
    static byte[] nested(List<String> path, int from, byte[] value) {
        ByteArrayOutputStream nested = new ByteArrayOutputStream();
        for (String segment : path.subList(from, path.size())) {
            nested.write('{');
            nested.writeBytes(JsonString.quote(segment));
            nested.write(':');
        }
        nested.writeBytes(value);
        for (int i = from; i < path.size(); i++) {
            nested.write('}');
        }
        return nested.toByteArray();
    }

    /** A value as it can stand inside of a document: opaque bytes only as text. */
    static byte[] inside(Payload value) {
        return value.format() == Format.OPAQUE
                ? JsonString.quote(Base64.getEncoder().encodeToString(value.bytes()))
                : value.bytes();
    }

    static byte[] arrayOf(byte[] element) {
        return concat(concat(bytes("["), element), bytes("]"));
    }

    private static int opening(Payload value, char bracket) {
        if (value.format() != Format.JSON) {
            return -1;
        }
        int start = JsonText.skipSpace(value.bytes(), 0);
        return start < value.sizeBytes() && value.bytes()[start] == bracket ? start : -1;
    }

    private static byte[] splice(byte[] json, int from, int end, byte[] instead) {
        byte[] spliced = new byte[json.length - (end - from) + instead.length];
        System.arraycopy(json, 0, spliced, 0, from);
        System.arraycopy(instead, 0, spliced, from, instead.length);
        System.arraycopy(json, end, spliced, from + instead.length, json.length - end);
        return spliced;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    private static Payload json(byte[] bytes) {
        return Payload.of(Format.JSON, bytes);
    }
}
