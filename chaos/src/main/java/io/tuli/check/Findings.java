package io.tuli.check;

import java.util.ArrayList;
import java.util.List;

/** Collects what one checker finds. Used by one thread. */
final class Findings {

    private final List<String> examples = new ArrayList<>();
    private long lost;
    private long duplicated;
    private long others;

    void lost(String what) {
        lost++;
        example("lost: " + what);
    }

    void duplicated(String what) {
        duplicated++;
        example("duplicated: " + what);
    }

    void wrong(String what) {
        others++;
        example(what);
    }

    private void example(String text) {
        if (examples.size() < Verdict.EXAMPLES_MAX) {
            examples.add(text);
        }
    }

    Verdict verdict() {
        return new Verdict(lost, duplicated, lost + duplicated + others, examples);
    }
}
