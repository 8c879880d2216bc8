package io.tuli.codec;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.Payload.Format;
import io.tuli.log.Documents;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        if (edit.kind() == Edit.Kind.INCLUDE || edit.kind() == Edit.Kind.EXCLUDE) {
            return changed(document, edit);
        }
        boolean removes = edit.kind() == Edit.Kind.REMOVE || edit.value().isNone();
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
            case Place.Found found when found.isInArray() && edit.kind() == Edit.Kind.ADD ->
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

    /** A set is an array: an element is put at its end, or taken out of it. */
    private Payload changed(Payload document, Edit edit) {
        return edit.kind() == Edit.Kind.INCLUDE
                ? included(document, edit.key(), edit.value())
                : excluded(document, edit.key(), edit.value());
    }

    private Payload included(Payload document, Key key, Payload element) {
        Payload set = read(document, key);
        int length = length(set);
        if (length < 0) {
            byte[] only = concat(concat(bytes("["), inside(element)), bytes("]"));
            return apply(document, Edit.update(key, json(only)));
        }
        return indexOf(set, element) >= 0
                ? document
                : apply(document, Edit.add(key.child("" + length), element));
    }

    private Payload excluded(Payload document, Key key, Payload element) {
        Payload left = document;
        int at = indexOf(read(left, key), element);
        while (at >= 0) {
            left = apply(left, Edit.remove(key.child("" + at)));
            at = indexOf(read(left, key), element);
        }
        return left;
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
    public boolean isNumber(Payload value) {
        return Numbers.isNumber(value);
    }

    @Override
    public int indexOf(Payload array, Payload element) {
        int start = opening(array, '[');
        if (start < 0) {
            return -1;
        }
        byte[] json = array.bytes();
        byte[] wanted = inside(element);
        Members members = new Members(json, start);
        while (members.next()) {
            if (Arrays.equals(json, members.start(), members.end(), wanted, 0, wanted.length)) {
                return members.count() - 1;
            }
        }
        return -1;
    }

    @Override
    public int length(Payload value) {
        int start = opening(value, '[');
        if (start < 0) {
            return -1;
        }
        Members members = new Members(value.bytes(), start);
        while (members.next()) {
            // Counting is all.
        }
        return members.isMalformed() ? -1 : members.count();
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

    private static Payload remove(Payload document, List<String> path) {
        if (document.format() != Format.JSON) {
            return document;
        }
        Payload left = document;
        boolean isDone = false;
        while (!isDone && Place.of(left.bytes(), path) instanceof Place.Found found) {
            left = json(without(left.bytes(), found));
            isDone = found.isInArray();
        }
        return left;
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
    private static byte[] nested(List<String> path, int from, byte[] value) {
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
    private static byte[] inside(Payload value) {
        return value.format() == Format.OPAQUE
                ? JsonString.quote(Base64.getEncoder().encodeToString(value.bytes()))
                : value.bytes();
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
