package io.tuli.interest;

import io.tuli.protocol.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who wants a subject: members, each once, and groups. Kept for subjects that come again; only
 * whose turn it is in a group changes. One thread.
 */
final class Match {

    static final Match NOBODY = new Match(List.of(), List.of());

    final List<Target> plain;
    final List<Group> groups;

    private Match(List<Target> plain, List<Group> groups) {
        this.plain = plain;
        this.groups = groups;
    }

    /** Sorts out what a look-up has found. */
    static Match of(List<Candidate> found) {
        if (found.isEmpty()) {
            return NOBODY;
        }
        Map<Destination, Target> plain = new LinkedHashMap<>();
        Map<String, Group> groups = new LinkedHashMap<>();
        for (Candidate each : found) {
            if (each.item().isOfGroup()) {
                groups.computeIfAbsent(each.item().group(), Group::new).add(each);
            } else {
                plain.merge(each.at(), Target.of(each), Target::and);
            }
        }
        return new Match(List.copyOf(plain.values()), List.copyOf(groups.values()));
    }

    boolean isEmpty() {
        return plain.isEmpty() && groups.isEmpty();
    }

    /**
     * A member at which somebody in no group wants it.
     *
     * @param isHere at that member itself
     * @param isRelayed at a client it relays to
     */
    record Target(Destination at, boolean isHere, boolean isRelayed) {

        static Target of(Candidate candidate) {
            boolean isRelayed = candidate.item().isRelayed();
            return new Target(candidate.at(), !isRelayed, isRelayed);
        }

        Target and(Target other) {
            return new Target(at, isHere || other.isHere, isRelayed || other.isRelayed);
        }

        Route.Part here() {
            return isHere ? Route.Part.ALL : Route.Part.NOBODY;
        }

        Route.Part relayed() {
            return isRelayed ? Route.Part.ALL : Route.Part.NOBODY;
        }
    }

    /** A group, and all who are in it and want the subject. */
    static final class Group {

        final String name;
        private final List<Candidate> candidates = new ArrayList<>();

        Group(String name) {
            this.name = name;
        }

        void add(Candidate candidate) {
            candidates.add(candidate);
        }

        List<Candidate> candidates() {
            return candidates;
        }
    }
}
