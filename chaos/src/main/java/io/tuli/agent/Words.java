package io.tuli.agent;

import java.util.List;

/**
 * A line between the driving process and an agent: words, separated by tabs.
 *
 * @param words the first one says what the line is
 */
record Words(List<String> words) {

    private static final String SEPARATOR = "\t";

    Words {
        words = List.copyOf(words);
    }

    static Words of(Object... words) {
        return new Words(
                java.util.Arrays.stream(words)
                        .map(word -> String.valueOf(word).replaceAll("[\t\r\n]+", " "))
                        .toList());
    }

    static Words parse(String line) {
        return new Words(List.of(line.split(SEPARATOR, -1)));
    }

    String first() {
        return words.getFirst();
    }

    String text(int index) {
        return words.get(index);
    }

    long number(int index) {
        return Long.parseLong(words.get(index));
    }

    String line() {
        return String.join(SEPARATOR, words);
    }
}
