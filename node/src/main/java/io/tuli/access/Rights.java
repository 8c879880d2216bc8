package io.tuli.access;

import io.tuli.error.Excerpt;
import io.tuli.error.Nearest;
import io.tuli.secret.Role;

/**
 * Some of the rights to a service. Immutable.
 *
 * @param bits one for each {@link Right}
 */
public record Rights(int bits) {

    /** Written {@code -}. */
    public static final Rights NONE = new Rights(0);

    static final Rights ALL = of(Right.READ, Right.WRITE, Right.ASK, Right.FOLLOW);
    private static final Rights READING = of(Right.READ, Right.FOLLOW);
    private static final String NOTHING = "-";

    static Rights of(Right... rights) {
        int bits = 0;
        for (Right right : rights) {
            bits |= right.bit();
        }
        return new Rights(bits);
    }

    /** What a role has at most, and has where no rule says otherwise. */
    static Rights of(Role role) {
        return role == Role.READ_ONLY ? READING : ALL;
    }

    /**
     * Letters, each once, or {@code -}.
     *
     * @throws IllegalArgumentException of anything else
     */
    public static Rights parse(String text) {
        if (text.equals(NOTHING)) {
            return NONE;
        }
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            int bit = Right.ofLetter(text.charAt(i)).map(Right::bit).orElse(0);
            if (bit == 0 || (bits & bit) != 0) {
                bits = 0;
                break;
            }
            bits |= bit;
        }
        if (bits == 0) {
            throw new IllegalArgumentException(
                    "rights are letters of rwaf, each once, or - for none (r read, w write, a ask"
                            + " members, f follow): "
                            + Excerpt.of(text)
                            + meant(text));
        }
        return new Rights(bits);
    }

    private static String meant(String text) {
        return Nearest.to(text, Right.words())
                .or(() -> Right.ofWord(text).map(right -> String.valueOf(right.letter())))
                .flatMap(Right::ofWord)
                .map(right -> "; did you mean " + right.letter() + "?")
                .orElse("");
    }

    public boolean has(Right right) {
        return (bits & right.bit()) != 0;
    }

    /** Whether all of these are of the others, too. */
    boolean areWithin(Rights others) {
        return (bits & ~others.bits) == 0;
    }

    Rights and(Rights others) {
        return new Rights(bits & others.bits);
    }

    @Override
    public String toString() {
        if (bits == 0) {
            return NOTHING;
        }
        StringBuilder letters = new StringBuilder();
        for (Right right : Right.values()) {
            if (has(right)) {
                letters.append(right.letter());
            }
        }
        return letters.toString();
    }
}
