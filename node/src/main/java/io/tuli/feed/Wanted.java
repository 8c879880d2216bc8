package io.tuli.feed;

import io.tuli.Change;
import io.tuli.Edit;
import io.tuli.error.Nearest;
import io.tuli.log.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a feed's filter that loops apply: verbs and key patterns, our own code and cheap.
 * Immutable.
 *
 * @param kinds the kinds wanted
 * @param patterns all of which a change must concern
 * @param isWhole whether one wanted edit brings the whole entry
 */
record Wanted(Set<Change.Kind> kinds, List<KeyPattern> patterns, boolean isWhole) {

    private static final Set<Change.Kind> EVERY_KIND = Set.of(Change.Kind.values());

    static Wanted all(boolean isWhole) {
        return new Wanted(EVERY_KIND, List.of(), isWhole);
    }

    Wanted verbs(String... verbs) {
        Set<Change.Kind> narrowed = EnumSet.noneOf(Change.Kind.class);
        for (String verb : verbs) {
            narrowed.add(kindOf(verb));
        }
        narrowed.retainAll(kinds);
        return new Wanted(Set.copyOf(narrowed), patterns, isWhole);
    }

    private static Change.Kind kindOf(String verb) {
        for (Change.Kind kind : EVERY_KIND) {
            if (kind.verb().equals(verb)) {
                return kind;
            }
        }
        List<String> known = Arrays.stream(Change.Kind.values()).map(Change.Kind::verb).toList();
        throw new IllegalArgumentException(
                "the verbs of a feed are "
                        + String.join(", ", known)
                        + ": "
                        + verb
                        + Nearest.question(verb, known));
    }

    Wanted keys(KeyPattern pattern) {
        List<KeyPattern> more = new ArrayList<>(patterns);
        more.add(pattern);
        return new Wanted(kinds, List.copyOf(more), isWhole);
    }

    /**
     * The edits of an entry that are wanted; null when it is not to be delivered at all.
     *
     * @param fresh those of its edits that have not been delivered yet
     */
    @Nullable List<Edit> of(Entry entry, List<Edit> fresh) {
        boolean isCovered = fresh.isEmpty() && !entry.edits().isEmpty();
        if (isCovered || (fresh.isEmpty() && !isWhole)) {
            return null;
        }
        if (isUnfiltered()) {
            return fresh;
        }
        List<Edit> wanted = fresh.stream().filter(this::isWanted).toList();
        if (wanted.isEmpty()) {
            return null;
        }
        return isWhole ? fresh : wanted;
    }

    /** Whether every entry with an edit is wanted. */
    boolean isUnfiltered() {
        return patterns.isEmpty() && kinds.size() == EVERY_KIND.size();
    }

    private boolean isWanted(Edit edit) {
        if (!kinds.contains(Change.Kind.of(edit.kind()))) {
            return false;
        }
        for (KeyPattern pattern : patterns) {
            if (!pattern.concerns(edit.key())) {
                return false;
            }
        }
        return true;
    }

    /** Whether a document of a state is wanted: its key, or what may be inside. */
    boolean reaches(String topLevelKey) {
        if (!kinds.contains(Change.Kind.UPDATE)) {
            return false;
        }
        for (KeyPattern pattern : patterns) {
            if (!pattern.reaches(topLevelKey)) {
                return false;
            }
        }
        return true;
    }
}
