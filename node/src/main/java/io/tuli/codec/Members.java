package io.tuli.codec;

/** Walks over the members of one JSON object or array. Used by one thread. */
final class Members {
    private final byte[] json;
    private final boolean isObject;
    private final byte bracket;
    private int at;
    private int count;
    private int member;
    private int nameEnd;
    private int start;
    private int end;
    private boolean isMalformed;

    /** The members of the container whose opening bracket is at {@code from}. */
    Members(byte[] json, int from) {
        this.json = json;
        this.isObject = json[from] == '{';
        this.bracket = (byte) (isObject ? '}' : ']');
        this.at = JsonText.skipSpace(json, from + 1);
    }

    /** Goes to the next member; false when there is none, or none that can be read. */
    boolean next() {
        if (!isMalformed && at < json.length && json[at] == bracket) {
            return false;
        }
        isMalformed = isMalformed || at >= json.length || !(separator() && name() && value());
        return !isMalformed;
    }

    /** Where the name begins, with its quote; in an array where the value begins. */
    int member() {
        return member;
    }

    int nameEnd() {
        return nameEnd;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** After the last member: where the closing bracket is. */
    int closing() {
        return at;
    }

    /** Members walked over so far. */
    int count() {
        return count;
    }

    boolean isMalformed() {
        return isMalformed;
    }

    private boolean separator() {
        if (count == 0) {
            return true;
        }
        if (json[at] != ',') {
            return false;
        }
        at = JsonText.skipSpace(json, at + 1);
        return at < json.length;
    }

    private boolean name() {
        member = at;
        if (!isObject) {
            return true;
        }
        nameEnd = json[at] == '"' ? JsonText.skipString(json, at) : JsonText.MALFORMED;
        if (nameEnd == JsonText.MALFORMED) {
            return false;
        }
        int colon = JsonText.skipSpace(json, nameEnd);
        if (colon >= json.length || json[colon] != ':') {
            return false;
        }
        at = JsonText.skipSpace(json, colon + 1);
        return true;
    }

    private boolean value() {
        start = at;
        end = JsonText.skipValue(json, start);
        if (end == JsonText.MALFORMED) {
            return false;
        }
        count++;
        at = JsonText.skipSpace(json, end);
        return true;
    }
}
