package io.tuli.feed;

import io.tuli.Change;
import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.error.Nearest;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.protocol.MessageRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a feed's filter that loops apply: verbs, events and key patterns, our own code and
 * cheap. Immutable.
 *
 * @param kinds the kinds of changes wanted
 * @param isOfVerbs whether verbs were asked for; without, who asks for events wants no changes
 * @param events those that are wanted; null where none was asked for
 * @param patterns all of which a change must concern
 * @param isWhole whether one wanted edit brings the whole entry
 */
record Wanted(
        Set<Change.Kind> kinds,
        boolean isOfVerbs,
        @Nullable EventNames events,
        List<KeyPattern> patterns,
        boolean isWhole) {

    private static final Set<Change.Kind> EVERY_KIND =
            Set.copyOf(EnumSet.complementOf(EnumSet.of(Change.Kind.EVENT)));

    static Wanted all(boolean isWhole) {
        return new Wanted(EVERY_KIND, false, null, List.of(), isWhole);
    }

    Wanted verbs(String... verbs) {
        Set<Change.Kind> narrowed = EnumSet.noneOf(Change.Kind.class);
        for (String verb : verbs) {
            narrowed.add(kindOf(verb));
        }
        narrowed.retainAll(isOfVerbs ? kinds : EVERY_KIND);
        return new Wanted(Set.copyOf(narrowed), true, events, patterns, isWhole);
    }

    private static Change.Kind kindOf(String verb) {
        for (Change.Kind kind : EVERY_KIND) {
            if (kind.verb().equals(verb)) {
                return kind;
            }
        }
        List<String> known =
                Arrays.stream(Change.Kind.values())
                        .filter(EVERY_KIND::contains)
                        .map(Change.Kind::verb)
                        .toList();
        throw new IllegalArgumentException(
                "the verbs of a feed are "
                        + String.join(", ", known)
                        + ", events are asked for by name: "
                        + verb
                        + Nearest.question(verb, known));
    }

    Wanted events(String... names) {
        EventNames asked = EventNames.of(names);
        EventNames narrowed = events == null ? asked : events.and(asked);
        return new Wanted(isOfVerbs ? kinds : Set.of(), isOfVerbs, narrowed, patterns, isWhole);
    }

    Wanted keys(KeyPattern pattern) {
        List<KeyPattern> more = new ArrayList<>(patterns);
        more.add(pattern);
        return new Wanted(kinds, isOfVerbs, events, List.copyOf(more), isWhole);
    }

    /**
     * What of an entry is wanted; null when it is not to be delivered at all.
     *
     * @param fresh what of it has not been delivered yet
     */
    Item.@Nullable Told of(Entry entry, Item.Told fresh) {
        if (fresh.isNothing()) {
            boolean isEmpty = entry.edits().isEmpty() && entry.extras().events().isEmpty();
            return isEmpty && isWhole ? fresh : null;
        }
        if (isUnfiltered()) {
            boolean isTold = !fresh.edits().isEmpty() || (isWhole && entry.edits().isEmpty());
            return isTold ? new Item.Told(fresh.edits(), List.of()) : null;
        }
        List<Edit> edits = fresh.edits().stream().filter(this::isWanted).toList();
        List<Extras.Event> told = wanted(entry.extras().key(), fresh.events());
        if (edits.isEmpty() && told.isEmpty()) {
            return null;
        }
        return isWhole
                ? new Item.Told(fresh.edits(), hasEvents() ? fresh.events() : List.of())
                : new Item.Told(edits, told);
    }

    /** Whether every entry with an edit is wanted, and no event. */
    boolean isUnfiltered() {
        return patterns.isEmpty() && kinds.size() == EVERY_KIND.size() && events == null;
    }

    /** Whether some events are wanted. */
    boolean hasEvents() {
        return events != null;
    }

    /** Whether some changes are wanted. */
    boolean hasChanges() {
        return !kinds.isEmpty();
    }

    private boolean isWanted(Edit edit) {
        return kinds.contains(Change.Kind.of(edit.kind())) && concerns(edit.key());
    }

    private List<Extras.Event> wanted(Key key, List<Extras.Event> all) {
        EventNames names = events;
        if (names == null || all.isEmpty() || !concerns(key)) {
            return List.of();
        }
        return all.stream().filter(event -> names.has(event.name())).toList();
    }

    private boolean concerns(Key key) {
        for (KeyPattern pattern : patterns) {
            if (!pattern.concerns(key)) {
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

    /**
     * Names of events.
     *
     * @param names none stands for all
     */
    record EventNames(Set<String> names, boolean isAll) {

        static EventNames of(String... names) {
            for (String name : names) {
                MessageRules.requireEventName(name);
            }
            return new EventNames(Set.copyOf(Arrays.asList(names)), names.length == 0);
        }

        EventNames and(EventNames other) {
            if (isAll || other.isAll) {
                return isAll ? other : this;
            }
            Set<String> both = new HashSet<>(names);
            both.retainAll(other.names);
            return new EventNames(Set.copyOf(both), false);
        }

        boolean has(String name) {
            return isAll || names.contains(name);
        }
    }
}
