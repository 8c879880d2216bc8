package io.tuli.terminal;

import io.tuli.LogPosition;
import io.tuli.Payload;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what commands answer as JSON: texts, numbers, booleans, lists, maps, and payloads as they
 * are. Reading is the codec's work.
 */
public final class Json {

    private final StringBuilder text = new StringBuilder();

    private Json() {}

    public static String of(@Nullable Object value) {
        Json json = new Json();
        json.write(value);
        return json.text.toString();
    }

    /** A JSON string without its quotes where it needs none, any other value as it is. */
    public static String plain(Payload value) {
        String json = of(value);
        boolean isSimple = json.length() >= 2 && json.startsWith("\"") && json.indexOf('\\') < 0;
        return isSimple ? json.substring(1, json.length() - 1) : json;
    }

    /** A place in a changelog as an object; with an index only inside an entry. */
    public static Map<String, Object> position(LogPosition position) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("epoch", position.epoch().number());
        object.put("owner", Long.toHexString(position.epoch().owner()));
        object.put("offset", position.offset());
        if (position.index() > 0) {
            object.put("index", position.index());
        }
        return object;
    }

    private void write(@Nullable Object value) {
        if (value == null) {
            text.append("null");
        } else if (value instanceof Payload payload) {
            payload(payload);
        } else if (value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else if (value instanceof Iterable<?> list) {
            list(list);
        } else {
            quote(value.toString());
        }
    }

    /** JSON as it is; bytes in base 64, for JSON has no bytes. */
    private void payload(Payload payload) {
        switch (payload.format()) {
            case NONE -> text.append("null");
            case JSON -> text.append(payload);
            case OPAQUE -> quote(Base64.getEncoder().encodeToString(payload.bytes()));
        }
    }

    private void map(Map<?, ?> map) {
        char before = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(before);
            quote(String.valueOf(entry.getKey()));
            text.append(':');
            write(entry.getValue());
            before = ',';
        }
        text.append(map.isEmpty() ? "{}" : "}");
    }

    private void list(Iterable<?> list) {
        text.append('[');
        String before = "";
        for (Object item : list) {
            text.append(before);
            write(item);
            before = ",";
        }
        text.append(']');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || (Character.isSurrogate(c) && !isPaired(value, i))) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static boolean isPaired(String value, int at) {
        return Character.isHighSurrogate(value.charAt(at))
                ? at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
    }
}
