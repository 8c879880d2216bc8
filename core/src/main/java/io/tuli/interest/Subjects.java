package io.tuli.interest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is a subject, what is a pattern of subjects, and why something is neither.
 *
 * <p>A subject is 1 to 16 tokens joined by dots, as in {@code eu.milan.price}. In a pattern a token
 * {@code *} stands for any one token, and a last token {@code >} for one or more.
 */
public final class Subjects {

    public static final int BYTES_MAX = 255;
    public static final int TOKENS_MAX = 16;

    /** Stars in one pattern: more would make a look-up long. */
    public static final int STARS_MAX = 4;

    public static final String STAR = "*";
    public static final String REST = ">";

    /** What the library keeps for itself. */
    private static final char RESERVED = '$';

    private Subjects() {}

    /** Why the text is no subject: a rule; null if it is one. */
    public static @Nullable String subjectProblem(String text) {
        return problem(text, false);
    }

    /** Why the text is no pattern: a rule; null if it is one. */
    public static @Nullable String patternProblem(String text) {
        return problem(text, true);
    }

    /** Whether a subject fits one of these patterns; for single ones, without a trie. */
    static boolean fitsOne(List<String> patterns, String subject) {
        for (int i = 0; i < patterns.size(); i++) {
            if (fits(patterns.get(i), subject)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a valid subject fits a valid pattern. */
    public static boolean fits(String pattern, String subject) {
        int at = 0;
        int to = 0;
        while (at <= pattern.length() && to <= subject.length()) {
            int atEnd = endOfToken(pattern, at);
            int toEnd = endOfToken(subject, to);
            if (isSign(pattern, at, atEnd, REST)) {
                return true;
            }
            boolean isSame =
                    atEnd - at == toEnd - to
                            && pattern.startsWith(subject.substring(to, toEnd), at);
            if (!isSame && !isSign(pattern, at, atEnd, STAR)) {
                return false;
            }
            at = atEnd + 1;
            to = toEnd + 1;
        }
        return at > pattern.length() && to > subject.length();
    }

    private static boolean isSign(String pattern, int from, int to, String sign) {
        return to == from + 1 && pattern.startsWith(sign, from);
    }

    private static @Nullable String problem(String text, boolean isPattern) {
        int length = text.length();
        if (length == 0) {
            return "a subject has at least one token";
        }
        if (text.charAt(0) == RESERVED) {
            return "subjects that begin with $ are the library's";
        }
        int tokens = 0;
        int stars = 0;
        int from = 0;
        while (from <= length) {
            int to = endOfToken(text, from);
            if (to == from) {
                return "a token of a subject is not empty: one dot between two tokens, none"
                        + " outside";
            }
            if (++tokens > TOKENS_MAX) {
                return "a subject has at most " + TOKENS_MAX + " tokens";
            }
            boolean isOneSign = to == from + 1;
            boolean isStar = isOneSign && text.charAt(from) == '*';
            boolean isRest = isOneSign && text.charAt(from) == '>';
            if (isPattern && isRest && to != length) {
                return "> stands for the rest of a subject, and is the last token of its pattern";
            }
            boolean isWild = isPattern && (isStar || isRest);
            stars += isStar ? 1 : 0;
            String wrong = isWild ? null : signProblem(text, from, to, isPattern);
            if (wrong != null) {
                return wrong;
            }
            from = to + 1;
        }
        if (stars > STARS_MAX) {
            return "a pattern has at most " + STARS_MAX + " stars";
        }
        return utf8Bytes(text) > BYTES_MAX
                ? "a subject is at most " + BYTES_MAX + " bytes long in UTF-8"
                : null;
    }

    /** Where the token ends that begins there: at its dot, or at the end of the text. */
    static int endOfToken(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }

    private static @Nullable String signProblem(String text, int from, int to, boolean isPattern) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '*' || c == '>') {
                return isPattern
                        ? "* and > are whole tokens of a pattern, and no part of one"
                        : "one publishes to a subject, and not to a pattern: no * and no >";
            }
            boolean isPlain = c > ' ' && c < 0x7f;
            if (!isPlain && (isBlank(c) || Character.isISOControl(c))) {
                return "a subject has no blanks and no control characters";
            }
            if (Character.isSurrogate(c)) {
                boolean isPair =
                        Character.isHighSurrogate(c)
                                && i + 1 < to
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!isPair) {
                    return "a subject is Unicode text: half of a pair of surrogates is none";
                }
                i++;
            }
        }
        return null;
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static int utf8Bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a pair counts for two: four bytes together.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
