package io.tuli.feed;

import io.tuli.Key;
import io.tuli.error.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * Which keys somebody wants: segments joined by dots, as in the text form of {@link Key}.
 *
 * <p>A segment {@code *} stands for any one segment, as the last one for one or more of them; so
 * {@code *} alone matches every key, {@code eu.*} all below {@code eu}, {@code a.*.c} the field
 * {@code c} of each element of {@code a}. Within a segment {@code *} stands for any run of
 * characters, as in {@code JFK-*}. A literal star, dot or backslash has a backslash before it.
 * Immutable.
 */
public final class KeyPattern {

    private final String text;
    private final List<Segment> segments;
    private final boolean isOpenEnded;

    private KeyPattern(String text, List<Segment> segments) {
        this.text = text;
        this.segments = segments;
        this.isOpenEnded = segments.get(segments.size() - 1).isAny();
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when a segment is empty
     */
    public static KeyPattern parse(String text) {
        List<Segment> segments = new ArrayList<>();
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                piece.append(text.charAt(++i));
            } else if (c == '*' || c == '.') {
                pieces.add(piece.toString());
                piece.setLength(0);
                if (c == '.') {
                    segments.add(segment(pieces, text));
                    pieces = new ArrayList<>();
                }
            } else {
                piece.append(c);
            }
        }
        pieces.add(piece.toString());
        segments.add(segment(pieces, text));
        return new KeyPattern(text, List.copyOf(segments));
    }

    private static Segment segment(List<String> pieces, String text) {
        boolean isEmpty = pieces.size() == 1 && pieces.get(0).isEmpty();
        Require.argument(!isEmpty, "a key pattern has no empty segment", text);
        return new Segment(List.copyOf(pieces));
    }

    /** Whether the pattern stands for this key; never for {@link Key#NONE}. */
    public boolean matches(Key key) {
        return key.below().size() + 1 >= segments.size() && concerns(key);
    }

    /**
     * Whether a change at this key changes, or may change, what the pattern stands for: at a key it
     * stands for, or at one that such a key lies below. Who replaces {@code u1} replaces {@code
     * u1.city}.
     */
    public boolean concerns(Key key) {
        if (key.isNone() || !segments.get(0).matches(key.top())) {
            return false;
        }
        List<String> below = key.below();
        int length = below.size() + 1;
        if (length > segments.size() && !isOpenEnded) {
            return false;
        }
        for (int i = 1; i < Math.min(length, segments.size()); i++) {
            if (!segments.get(i).matches(below.get(i - 1))) {
                return false;
            }
        }
        return true;
    }

    /** Whether it stands for this top-level key, or for any key inside its document. */
    public boolean reaches(String topLevelKey) {
        return segments.get(0).matches(topLevelKey);
    }

    /** The text it was read from. */
    @Override
    public String toString() {
        return text;
    }

    /** One segment: literal pieces, with any run of characters between each two of them. */
    private record Segment(List<String> pieces) {

        boolean isAny() {
            return pieces.stream().allMatch(String::isEmpty);
        }

        boolean matches(String segment) {
            String first = pieces.get(0);
            int last = pieces.size() - 1;
            if (last == 0) {
                return segment.equals(first);
            }
            int end = segment.length() - pieces.get(last).length();
            if (end < first.length() || !segment.startsWith(first)) {
                return false;
            }
            int at = first.length();
            for (int i = 1; i < last; i++) {
                int found = segment.indexOf(pieces.get(i), at);
                if (found < 0 || found + pieces.get(i).length() > end) {
                    return false;
                }
                at = found + pieces.get(i).length();
            }
            return segment.endsWith(pieces.get(last));
        }
    }
}
