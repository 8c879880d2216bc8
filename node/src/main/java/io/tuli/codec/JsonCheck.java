package io.tuli.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The customs: whether bytes are one JSON text by RFC 8259, to the letter, and one that everybody
 * can read back: not nested too deep, no name twice in an object, no name with half a character,
 * numbers of bounded length. All that becomes a document passes here once; everything behind may
 * rely on it. Not recursive, so no depth can exhaust the stack. Time is linear.
 */
final class JsonCheck {

    /** Longest number, in characters. */
    static final int NUMBER_CHARS_MAX = 10_000;

    /** Most digits of an exponent, leading zeros apart. */
    static final int EXPONENT_DIGITS_MAX = 4;

    private static final int DEPTH_USUAL = 16;

    private final byte[] json;
    private final int depthMax;

    /** Of each container that is open. */
    private boolean[] isObject;

    private final JsonNames names;
    private int depth;
    private int at;
    private Verdict.Kind refusal = Verdict.Kind.NOT_JSON;
    private boolean hasSpace;
    private boolean isAscii = true;

    private JsonCheck(byte[] json, int depthMax) {
        this.json = json;
        this.depthMax = depthMax;
        this.isObject = new boolean[Math.min(depthMax, DEPTH_USUAL)];
        this.names = new JsonNames(json);
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
            TOO_DEEP,
            NAME_REPEATED,
            NAME_HALVED,
            NUMBER_TOO_LONG
        }

        boolean isJson() {
            return kind == Kind.JSON;
        }
    }

    static Verdict of(byte[] json, int depthMax) {
        JsonCheck check = new JsonCheck(json, depthMax);
        boolean passed = check.text() && check.isUtf8();
        return new Verdict(passed ? Verdict.Kind.JSON : check.refusal, check.at, check.hasSpace);
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
            if (depth == depthMax) {
                return refuse(Verdict.Kind.TOO_DEEP);
            }
            open(opensObject);
            at++;
            space();
            if (at < json.length && json[at] == (opensObject ? '}' : ']')) {
                return close();
            }
            if (opensObject && !name()) {
                return false;
            }
        }
        return scalar();
    }

    private void open(boolean opensObject) {
        if (depth == isObject.length) {
            isObject = Arrays.copyOf(isObject, Math.min(depthMax, 2 * depth));
        }
        isObject[depth++] = opensObject;
        if (opensObject) {
            names.begin();
        }
    }

    private boolean refuse(Verdict.Kind why) {
        refusal = why;
        return false;
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
            if (!close()) {
                return false;
            }
        }
    }

    private boolean close() {
        depth--;
        if (isObject[depth] && !names.end()) {
            return refuse(Verdict.Kind.NAME_REPEATED);
        }
        at++;
        return true;
    }

    private boolean name() {
        int from = at;
        if (at == json.length || json[at] != '"' || !string()) {
            return false;
        }
        if (!names.add(from, at)) {
            at = from;
            return refuse(Verdict.Kind.NAME_HALVED);
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
            return exponent(from);
        }
        return at - from <= NUMBER_CHARS_MAX || tooLong(from);
    }

    private boolean exponent(int number) {
        int from = at;
        if (digits() == 0) {
            return false;
        }
        while (json[from] == '0' && from < at - 1) {
            from++;
        }
        boolean isShort = at - number <= NUMBER_CHARS_MAX && at - from <= EXPONENT_DIGITS_MAX;
        return isShort || tooLong(number);
    }

    private boolean tooLong(int number) {
        at = number;
        return refuse(Verdict.Kind.NUMBER_TOO_LONG);
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
