package io.tuli.call;

import io.tuli.error.Excerpt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a service a call may go to, see {@link io.tuli.Service.Any#version}. Terms with
 * blanks between them, all of which must hold: {@code 2.x} or {@code 2}, {@code >=2.1}, {@code
 * >2.1}, {@code <3}, {@code <=2.9}, {@code =2.1.7}, {@code =green}. Immutable.
 */
public final class VersionRange {

    /** Longest text of one. */
    public static final int CHARS_MOST = 64;

    private static final String RULE =
            "versions are said as 2.x, 2.1, >=2.1, >2.1, <3, <=2.9 or =2.1-rc1, several with blanks"
                    + " between them where all must hold, in at most 64 characters: ";

    private final String text;
    private final List<Term> terms;

    /** Each with the sign it is said by, the longer ones first. */
    private enum Is {
        AT_LEAST(">="),
        AT_MOST("<="),
        GREATER(">"),
        LESS("<"),
        EXACTLY("="),
        BEGINNING_WITH("");

        private final String sign;

        Is(String sign) {
            this.sign = sign;
        }

        static Is of(String term) {
            for (Is each : values()) {
                if (term.startsWith(each.sign)) {
                    return each;
                }
            }
            return BEGINNING_WITH;
        }
    }

    /**
     * What must hold.
     *
     * @param numbers empty where only that very text will do
     */
    private record Term(Is is, int[] numbers, String text) {

        boolean holds(Version version) {
            if (numbers.length == 0) {
                return version.toString().equals(text);
            }
            return version.isOrdered()
                    && switch (is) {
                        case BEGINNING_WITH -> version.beginsWith(numbers);
                        case EXACTLY -> version.compareTo(numbers) == 0;
                        case LESS -> version.compareTo(numbers) < 0;
                        case AT_MOST -> version.compareTo(numbers) <= 0;
                        case GREATER -> version.compareTo(numbers) > 0;
                        case AT_LEAST -> version.compareTo(numbers) >= 0;
                    };
        }
    }

    private VersionRange(String text, List<Term> terms) {
        this.text = text;
        this.terms = List.copyOf(terms);
    }

    /**
     * The range of that text.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static VersionRange of(String text) {
        List<Term> terms = new ArrayList<>();
        if (text.length() <= CHARS_MOST && Excerpt.isWhole(text)) {
            int from = 0;
            for (int at = 0; at <= text.length(); at++) {
                if (at == text.length() || text.charAt(at) == ' ') {
                    if (at > from) {
                        terms.add(term(text.substring(from, at), text));
                    }
                    from = at + 1;
                }
            }
        }
        if (terms.isEmpty()) {
            throw broken(text);
        }
        return new VersionRange(text, terms);
    }

    private static Term term(String term, String whole) {
        Is is = Is.of(term);
        String rest = term.substring(is.sign.length());
        boolean isOpen = is == Is.BEGINNING_WITH && (rest.endsWith(".x") || rest.endsWith(".*"));
        int @Nullable [] numbers =
                Version.numbers(isOpen ? rest.substring(0, rest.length() - 2) : rest);
        boolean isText = numbers == null && is == Is.EXACTLY && !rest.isEmpty();
        if (numbers == null && !isText) {
            throw broken(whole);
        }
        return new Term(is, numbers == null ? new int[0] : numbers, rest);
    }

    private static IllegalArgumentException broken(String text) {
        return new IllegalArgumentException(RULE + Excerpt.of(text));
    }

    /** Whether a server of that version may take the call. */
    public boolean matches(Version version) {
        for (Term term : terms) {
            if (!term.holds(version)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
