package io.tuli.call;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of which version of a service it serves: a text, and where that is numbers
 * joined by dots, these. Immutable.
 */
public final class Version {

    /** What nobody has said. */
    public static final Version UNSAID = of("");

    private static final int NUMBERS_MOST = 16;
    private static final int DIGITS_MOST = 9;

    private final String text;

    /** Null where it is of another form. */
    private final int @Nullable [] numbers;

    private Version(String text) {
        this.text = text;
        this.numbers = numbers(text);
    }

    /** That text, whatever it is. */
    public static Version of(String text) {
        return new Version(text);
    }

    /** Numbers joined by dots; null where it is something else. */
    static int @Nullable [] numbers(String text) {
        int[] found = new int[NUMBERS_MOST];
        int count = 0;
        int digits = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.' && digits > 0) {
                count++;
                digits = 0;
            } else if (c >= '0' && c <= '9' && digits < DIGITS_MOST && count < NUMBERS_MOST) {
                found[count] = found[count] * 10 + c - '0';
                digits++;
            } else {
                return null;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** Whether it is numbers, so that it comes before or after others. */
    boolean isOrdered() {
        return numbers != null;
    }

    /** Whether it begins with these numbers; those it lacks are 0. */
    boolean beginsWith(int[] others) {
        for (int i = 0; i < others.length; i++) {
            if (number(i) != others[i]) {
                return false;
            }
        }
        return isOrdered();
    }

    /** Before, at or after these numbers; those that one lacks are 0. */
    int compareTo(int[] others) {
        int length = Math.max(others.length, numbers == null ? 0 : numbers.length);
        for (int i = 0; i < length; i++) {
            int other = i < others.length ? others[i] : 0;
            if (number(i) != other) {
                return Integer.compare(number(i), other);
            }
        }
        return 0;
    }

    private int number(int at) {
        return numbers == null || at >= numbers.length ? 0 : numbers[at];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Version that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
