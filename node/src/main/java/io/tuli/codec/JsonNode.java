package io.tuli.codec;

import io.tuli.Payload;
import io.tuli.Payload.Format;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value inside of a JSON document that is being edited: bytes until somebody looks inside, then
 * its members, each of which is such a value. Written out once, it keeps the bytes of all that was
 * not edited. For JSON that {@link JsonCheck} lets pass, without white space. One thread.
 */
final class JsonNode {

    private byte[] json;
    private int start;
    private int end;

    /** Whether members say what it is; the bytes do not any more. */
    private boolean isChanged;

    private @Nullable Map<String, Member> fields;
    private @Nullable List<JsonNode> elements;

    /** The texts of all elements, while it is asked for them and they only become more. */
    private @Nullable Set<Payload> texts;

    /** A field: its name in quotes, as it is spelled, and its value. */
    private record Member(byte[] name, JsonNode value) {}

    JsonNode(byte[] json, int start, int end) {
        this.json = json;
        this.start = start;
        this.end = end;
    }

    static JsonNode of(byte[] json) {
        return new JsonNode(json, 0, json.length);
    }

    boolean isArray() {
        return json[start] == '[';
    }

    boolean isObject() {
        return json[start] == '{';
    }

    /** Elements of an array; -1 if it is none. */
    int length() {
        return isArray() ? elements().size() : -1;
    }

    /** The member that a segment of a path names; null if there is none. */
    @Nullable JsonNode child(String segment) {
        if (isObject()) {
            Member member = fields().get(segment);
            return member == null ? null : member.value;
        }
        int index = isArray() ? Place.index(segment) : -1;
        return index >= 0 && index < elements().size() ? elements().get(index) : null;
    }

    /** Whether a member of that name could be put in, or is there. */
    boolean hasRoomFor(String segment) {
        int index = isArray() ? Place.index(segment) : -1;
        return isObject() || (index >= 0 && index <= elements().size());
    }

    /** Whether an array has an element of that text. */
    boolean contains(byte[] element) {
        if (texts == null) {
            texts = new HashSet<>();
            for (JsonNode each : elements()) {
                texts.add(each.payload());
            }
        }
        return texts.contains(Payload.of(Format.JSON, element));
    }

    // ---- edits ---------------------------------------------------------------------------------

    /** It becomes another value. */
    void become(byte[] other) {
        json = other;
        start = 0;
        end = other.length;
        isChanged = false;
        fields = null;
        elements = null;
        texts = null;
    }

    /** A member of it will be edited. */
    void touch() {
        isChanged = true;
        texts = null;
    }

    /** Puts a field that is not there at the end of an object. */
    void add(String name, byte[] value) {
        isChanged = true;
        fields().put(name, new Member(JsonString.quote(name), of(value)));
    }

    /** Puts an element at the end of an array. */
    void append(byte[] element) {
        isChanged = true;
        if (texts != null) {
            texts.add(Payload.of(Format.JSON, element));
        }
        elements().add(of(element));
    }

    /** Puts an element into an array, before the one that has this index. */
    void insert(int index, byte[] element) {
        touch();
        elements().add(index, of(element));
    }

    /** Takes out a member that is there. */
    void remove(String segment) {
        touch();
        if (isObject()) {
            fields().remove(segment);
        } else {
            elements().remove(Place.index(segment));
        }
    }

    /** Takes all elements of that text out of an array. */
    void removeAll(byte[] element) {
        touch();
        elements().removeIf(each -> each.says(element));
    }

    private boolean says(byte[] text) {
        if (!isChanged) {
            return Arrays.equals(json, start, end, text, 0, text.length);
        }
        return Arrays.equals(payload().bytes(), text);
    }

    // ---- bytes and members ---------------------------------------------------------------------

    Payload payload() {
        if (!isChanged) {
            boolean isAll = start == 0 && end == json.length;
            return Payload.of(Format.JSON, isAll ? json : Arrays.copyOfRange(json, start, end));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - start + 64);
        writeTo(bytes);
        return Payload.of(Format.JSON, bytes.toByteArray());
    }

    private void writeTo(ByteArrayOutputStream bytes) {
        if (!isChanged) {
            bytes.write(json, start, end - start);
            return;
        }
        bytes.write(json[start]);
        boolean isFirst = true;
        if (isObject()) {
            for (Member member : fields().values()) {
                if (!isFirst) {
                    bytes.write(',');
                }
                isFirst = false;
                bytes.writeBytes(member.name);
                bytes.write(':');
                member.value.writeTo(bytes);
            }
            bytes.write('}');
            return;
        }
        for (JsonNode element : elements()) {
            if (!isFirst) {
                bytes.write(',');
            }
            isFirst = false;
            element.writeTo(bytes);
        }
        bytes.write(']');
    }

    private Map<String, Member> fields() {
        Map<String, Member> known = fields;
        if (known == null) {
            known = new LinkedHashMap<>();
            Members members = new Members(json, start);
            while (members.next()) {
                int nameEnd = members.nameEnd();
                byte[] name = Arrays.copyOfRange(json, members.member(), nameEnd);
                JsonNode value = new JsonNode(json, members.start(), members.end());
                String text = JsonString.unquote(json, members.member(), nameEnd);
                known.put(text, new Member(name, value));
            }
            fields = known;
        }
        return known;
    }

    private List<JsonNode> elements() {
        List<JsonNode> known = elements;
        if (known == null) {
            known = new ArrayList<>();
            Members members = new Members(json, start);
            while (members.next()) {
                known.add(new JsonNode(json, members.start(), members.end()));
            }
            elements = known;
        }
        return known;
    }
}
