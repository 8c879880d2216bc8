package io.tuli.codec;

import java.util.List;

/** Where a path leads in a JSON document, in offsets of its bytes. */
sealed interface Place {
    /**
     * There is a value.
     *
     * @param isRepeated whether its object has the name more than once
     * @param member where its name begins, or in an array the value itself
     * @param start where the value begins
     * @param end after the value
     */
    record Found(boolean isInArray, boolean isRepeated, int member, int start, int end)
            implements Place {}

    /**
     * The path ends early, at a container that can take the next segment as its last member.
     *
     * @param segment number of the first segment that is missing
     * @param at where a member can be put in
     * @param isFirst whether it would be the container's only member
     */
    record Missing(boolean isInArray, int segment, int at, boolean isFirst) implements Place {}

    /**
     * The path ends early, at a value that can have no such member.
     *
     * @param segment number of the segment that does not fit
     * @param start where that value begins
     * @param end after it
     */
    record Blocked(int segment, int start, int end) implements Place {}

    /**
     * Follows the segments from the top of the document. Where a field is there twice, the last
     * counts.
     */
    static Place of(byte[] json, List<String> segments) {
        int start = JsonText.skipSpace(json, 0);
        int end = json.length;
        while (end > start && JsonText.isSpace(json[end - 1])) {
            end--;
        }
        if (start == end) {
            return new Blocked(0, 0, json.length);
        }
        Place place = new Found(false, false, start, start, end);
        for (int i = 0; i < segments.size() && place instanceof Found found; i++) {
            place = step(json, found, segments.get(i), i);
        }
        return place;
    }

    private static Place step(byte[] json, Found from, String segment, int number) {
        return switch (json[from.start()]) {
            case '{' -> field(json, from, segment, number);
            case '[' -> element(json, from, segment, number);
            default -> new Blocked(number, from.start(), from.end());
        };
    }

    private static Place field(byte[] json, Found object, String name, int number) {
        byte[] quoted = JsonString.quote(name);
        Members members = new Members(json, object.start());
        Found found = null;
        while (members.next()) {
            if (JsonString.says(json, members.member(), members.nameEnd(), name, quoted)) {
                boolean isRepeated = found != null;
                found =
                        new Found(
                                false,
                                isRepeated,
                                members.member(),
                                members.start(),
                                members.end());
            }
        }
        if (members.isMalformed()) {
            return new Blocked(number, object.start(), object.end());
        }
        return found != null
                ? found
                : new Missing(false, number, members.closing(), members.count() == 0);
    }

    private static Place element(byte[] json, Found array, String segment, int number) {
        int index = index(segment);
        Members members = new Members(json, array.start());
        while (members.next()) {
            if (members.count() == index + 1) {
                return new Found(true, false, members.start(), members.start(), members.end());
            }
        }
        boolean isEnd = members.count() == index && !members.isMalformed();
        return isEnd
                ? new Missing(true, number, members.closing(), index == 0)
                : new Blocked(number, array.start(), array.end());
    }

    /** The array index a segment names, in its one spelling; -2 if it names none. */
    static int index(String segment) {
        boolean isIndex =
                !segment.isEmpty()
                        && segment.length() <= 9
                        && segment.chars().allMatch(c -> c >= '0' && c <= '9')
                        && (segment.length() == 1 || segment.charAt(0) != '0');
        return isIndex ? Integer.parseInt(segment) : -2;
    }
}
