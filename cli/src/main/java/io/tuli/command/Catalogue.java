package io.tuli.command;

import io.tuli.terminal.Grammar;
import java.util.List;
import java.util.function.Function;

/**
 * All commands, for those that tell of them: help and completion.
 *
 * @param words in the order in which help lists them
 * @param grammars how the command of a word is written
 */
public record Catalogue(List<String> words, Function<String, Grammar> grammars) {

    public Catalogue {
        words = List.copyOf(words);
    }

    /** How a command is written; the word is one of {@link #words}. */
    public Grammar grammar(String word) {
        return grammars.apply(word);
    }
}
