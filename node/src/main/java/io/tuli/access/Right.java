package io.tuli.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can be done with a service; a letter each in rules and tokens. */
public enum Right {
    /** To read at owners: {@code $read}, and verbs that the service declares to change nothing. */
    READ('r', "read"),
    /** To send all other verbs. */
    WRITE('w', "write"),
    /** To ask all its servers at once, or one of them. */
    ASK('a', "ask"),
    /** To hold a live replica, and so to have feeds. */
    FOLLOW('f', "follow");

    private final char letter;
    private final String word;

    Right(char letter, String word) {
        this.letter = letter;
        this.word = word;
    }

    char letter() {
        return letter;
    }

    int bit() {
        return 1 << ordinal();
    }

    static Optional<Right> ofLetter(int letter) {
        return Arrays.stream(values()).filter(right -> right.letter == letter).findFirst();
    }

    /** The letter that somebody means who writes a word, or a capital. */
    static Optional<Right> ofWord(String word) {
        return Arrays.stream(values())
                .filter(
                        right ->
                                right.word.equalsIgnoreCase(word)
                                        || String.valueOf(right.letter).equalsIgnoreCase(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(right -> right.word).toList();
    }
}
