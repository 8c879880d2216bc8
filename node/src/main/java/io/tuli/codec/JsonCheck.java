package io.tuli.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The customs: whether bytes are one JSON text by RFC 8259, to the letter, and not nested too deep.
 * All that becomes a document passes here once; everything behind may rely on it. Not recursive, so
 * no depth can exhaust the stack.
 */
final class JsonCheck {
    private final byte[] json;
    private final boolean[] isObject;
    private int depth;
    private int at;
    private boolean isTooDeep;
    private boolean hasSpace;
    private boolean isAscii = true;

    private JsonCheck(byte[] json, int depthMax) {
        this.json = json;
        this.isObject = new boolean[depthMax];
    }

    /**
     * What the check found.
     *
     * @param kind whether it passes
     * @param at where it went wrong; the length when it did not
     * @param hasSpace whether there is white space outside of strings
     */
    record Verdict(Kind kind, int at, boolean hasSpace) {
        enum Kind {
            JSON,
            NOT_JSON,
            TOO_DEEP
        }

        boolean isJson() {
            return kind == Kind.JSON;
        }
    }

    static Verdict of(byte[] json, int depthMax) {
        JsonCheck check = new JsonCheck(json, depthMax);
        boolean passed = check.text() && check.isUtf8();
        Verdict.Kind kind =
                check.isTooDeep
                        ? Verdict.Kind.TOO_DEEP
                        : passed ? Verdict.Kind.JSON : Verdict.Kind.NOT_JSON;
        return new Verdict(kind, check.at, check.hasSpace);
    }

    /** Valid JSON without the white space between its parts. */
    static byte[] compact(byte[] json) {
        byte[] compact = new byte[json.length];
        int size = 0;
        int at = 0;
        while (at < json.length) {
            if (json[at] == '"') {
                int end = JsonText.skipString(json, at);
                System.arraycopy(json, at, compact, size, end - at);
                size += end - at;
                at = end;
            } else {
                if (!JsonText.isSpace(json[at])) {
                    compact[size++] = json[at];
                }
                at++;
            }
        }
        return Arrays.copyOf(compact, size);
    }

    private boolean text() {
        space();
        boolean isComplete;
        do {
            isComplete = valueOrOpening() && closings();
        } while (isComplete && depth > 0);
        return isComplete && at == json.length;
    }

    /** One scalar or empty container, or the opening of a container up to its first value. */
    private boolean valueOrOpening() {
        while (at < json.length && (json[at] == '{' || json[at] == '[')) {
            boolean opensObject = json[at] == '{';
            if (depth == isObject.length) {
                isTooDeep = true;
                return false;
            }
            isObject[depth++] = opensObject;
            at++;
            space();
            if (at < json.length && json[at] == (opensObject ? '}' : ']')) {
                depth--;
                at++;
                return true;
            }
            if (opensObject && !name()) {
                return false;
            }
        }
        return scalar();
    }

    /**
     * After a value: the brackets that close here, and the comma (and name) before the next value.
     */
    private boolean closings() {
        while (true) {
            space();
            if (depth == 0) {
                return true;
            }
            if (at == json.length) {
                return false;
            }
            boolean inObject = isObject[depth - 1];
            if (json[at] == ',') {
                at++;
                space();
                return !inObject || name();
            }
            if (json[at] != (inObject ? '}' : ']')) {
                return false;
            }
            depth--;
            at++;
        }
    }

    private boolean name() {
        if (at == json.length || json[at] != '"' || !string()) {
            return false;
        }
        space();
        if (at == json.length || json[at] != ':') {
            return false;
        }
        at++;
        space();
        return true;
    }

    private boolean scalar() {
        if (at == json.length) {
            return false;
        }
        return switch (json[at]) {
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private boolean string() {
        at++;
        while (at < json.length) {
            byte b = json[at];
            if (b == '"') {
                at++;
                return true;
            }
            if (b == '\\') {
                at++;
                if (!escape()) {
                    return false;
                }
            } else if (b >= 0 && b < ' ') {
                return false;
            } else {
                isAscii &= b > 0;
                at++;
            }
        }
        return false;
    }

    private boolean escape() {
        if (at == json.length) {
            return false;
        }
        byte kind = json[at++];
        if (kind != 'u') {
            return "\"\\/bfnrt".indexOf(kind) >= 0;
        }
        for (int i = 0; i < 4; i++) {
            if (at == json.length || Character.digit(json[at], 16) < 0) {
                return false;
            }
            at++;
        }
        return true;
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at == json.length || json[at] != word.charAt(i)) {
                return false;
            }
            at++;
        }
        return true;
    }

    private boolean number() {
        int from = at;
        if (json[at] == '-') {
            at++;
        }
        boolean startsWithZero = at < json.length && json[at] == '0';
        int digits = digits();
        if (digits == 0 || (startsWithZero && digits > 1)) {
            at = from;
            return false;
        }
        if (at < json.length && json[at] == '.') {
            at++;
            if (digits() == 0) {
                return false;
            }
        }
        if (at < json.length && (json[at] == 'e' || json[at] == 'E')) {
            at++;
            if (at < json.length && (json[at] == '+' || json[at] == '-')) {
                at++;
            }
            return digits() > 0;
        }
        return true;
    }

    private int digits() {
        int from = at;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        return at - from;
    }

    private void space() {
        int from = at;
        at = JsonText.skipSpace(json, at);
        hasSpace |= at > from;
    }

    private boolean isUtf8() {
        if (isAscii) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
