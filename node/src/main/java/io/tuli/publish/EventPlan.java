package io.tuli.publish;

import io.tuli.Event;
import io.tuli.Failure;
import io.tuli.Overflow;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import io.tuli.interest.Subjects;
import io.tuli.protocol.MessageRules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What somebody wants of a feed of events. Immutable.
 *
 * @param group empty for none
 * @param hearsOwn whether also what this member publishes
 * @param isWithLast whether it begins with what is kept
 */
record EventPlan(
        List<String> patterns,
        String group,
        boolean hearsOwn,
        List<Predicate<? super Event>> predicates,
        int limit,
        Overflow overflow,
        boolean isWithLast) {

    private static final int PATTERNS_MAX = 1_000;

    EventPlan {
        Require.argument(limit >= 1, "a feed's limit must be >= 1", limit);
        if (isWithLast && !group.isEmpty()) {
            throw refused(
                    "a group shares what comes: what is kept is for feeds that are in none: group="
                            + group);
        }
    }

    static EventPlan all(int limit) {
        List<String> all = List.of(Subjects.REST);
        return new EventPlan(all, "", true, List.of(), limit, Overflow.DROP_OLDEST, false);
    }

    EventPlan subjects(String... wanted) {
        Set<String> different = new LinkedHashSet<>(List.of(wanted));
        Require.argument(!different.isEmpty(), "a feed of events has a pattern", "none");
        Require.argument(
                different.size() <= PATTERNS_MAX,
                "a feed of events has at most " + PATTERNS_MAX + " patterns",
                different.size());
        for (String pattern : different) {
            String problem = Subjects.patternProblem(pattern);
            if (problem != null) {
                throw refused(problem + ": pattern=" + Excerpt.of(pattern));
            }
        }
        List<String> patterns = List.copyOf(different);
        return new EventPlan(patterns, group, hearsOwn, predicates, limit, overflow, isWithLast);
    }

    EventPlan group(String name) {
        MessageRules.requireGroupName(name);
        return new EventPlan(patterns, name, hearsOwn, predicates, limit, overflow, isWithLast);
    }

    EventPlan noEcho() {
        return new EventPlan(patterns, group, false, predicates, limit, overflow, isWithLast);
    }

    EventPlan withLast() {
        return new EventPlan(patterns, group, hearsOwn, predicates, limit, overflow, true);
    }

    EventPlan filter(Predicate<? super Event> wanted) {
        List<Predicate<? super Event>> more = new ArrayList<>(predicates);
        more.add(wanted);
        return new EventPlan(
                patterns, group, hearsOwn, List.copyOf(more), limit, overflow, isWithLast);
    }

    EventPlan limit(int other) {
        return new EventPlan(patterns, group, hearsOwn, predicates, other, overflow, isWithLast);
    }

    EventPlan overflow(Overflow other) {
        if (other == Overflow.WAIT) {
            throw refused(
                    "events wait for nobody: choose what is dropped, DROP_OLDEST, DROP_NEWEST or"
                            + " LATEST, or FAIL; what must not be lost is a change, see feed()");
        }
        return new EventPlan(patterns, group, hearsOwn, predicates, limit, other, isWithLast);
    }

    /** Whether the consumer is to have it. */
    boolean wants(Event event) {
        for (Predicate<? super Event> predicate : predicates) {
            if (!predicate.test(event)) {
                return false;
            }
        }
        return true;
    }

    static TuliException refused(String why) {
        return new TuliException(Failure.BAD_REQUEST, why);
    }
}
