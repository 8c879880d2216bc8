package io.tuli.membership;

import io.tuli.membership.Sighting.Standing;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who founds a mesh on this machine, when several members start at once: so that they do not each
 * found one and have to merge. Knows no sockets; one thread steps it, others read its standing.
 *
 * <p>The algorithm is that of Lamport's bakery: a member shows a claim, then looks around, and
 * founds the mesh only if it sees nobody in a view and no other claim. Of two members that claim,
 * the later one to look sees the other's claim; of two that see each other's, the one with the
 * lower rank (the port of its beacon) goes first and the other steps back. Who sees a member in a
 * view joins that one.
 *
 * <p>It is a courtesy, not a proof: a member too slow to answer is not seen. Two meshes that arise
 * nevertheless find each other and merge.
 *
 * <p>Reference: L. Lamport, A new solution of Dijkstra's concurrent programming problem, CACM 1974.
 */
final class LocalElection {

    /** What to do after a look around. */
    sealed interface Verdict {
        /** Nobody is there: found the mesh. */
        record Found() implements Verdict {}

        /** Join one of these, in this order. */
        record Follow(List<Sighting> members) implements Verdict {}

        /** Look again, at once if there is news to show, else a little later. */
        record Again(boolean isAtOnce) implements Verdict {}
    }

    /** A sighting and the port it was seen on. */
    record Rival(int port, Sighting sighting) {
        int rank() {
            return LocalElection.rank(port, sighting.isServer());
        }

        Standing standing() {
            return sighting.standing();
        }
    }

    private static final int FOLLOWED_MAX = 4;
    private static final int CLIENTS_BEHIND = 100_000;

    private final int rank;
    private volatile Standing standing = Standing.JOINING;

    LocalElection(int rank) {
        this.rank = rank;
    }

    /** Servers come before clients; among them the port of the beacon, unique here, decides. */
    static int rank(int port, boolean isServer) {
        return isServer ? port : port + CLIENTS_BEHIND;
    }

    /** Of those that hold up the others the first, and the first that claims. */
    static Set<Sighting> first(List<Rival> rivals) {
        Set<Sighting> first = new HashSet<>();
        Comparator<Rival> byRank = Comparator.comparingInt(Rival::rank);
        rivals.stream().min(byRank).map(Rival::sighting).ifPresent(first::add);
        rivals.stream()
                .filter(rival -> rival.standing() == Standing.CLAIMING)
                .min(byRank)
                .map(Rival::sighting)
                .ifPresent(first::add);
        return first;
    }

    /** What the beacon shall say. */
    Standing standing() {
        return standing;
    }

    /** The member is in a view. */
    void viewed(boolean isCoordinator) {
        standing = isCoordinator ? Standing.COORDINATOR : Standing.MEMBER;
    }

    /** Decides after looking at all the others; they were looked at after the last step. */
    Verdict step(List<Rival> others) {
        List<Sighting> inView =
                others.stream()
                        .map(Rival::sighting)
                        .filter(seen -> seen.standing().isInView())
                        .sorted(Comparator.comparing(Sighting::standing).reversed())
                        .limit(FOLLOWED_MAX)
                        .toList();
        if (!inView.isEmpty()) {
            standing = Standing.JOINING;
            return new Verdict.Follow(inView);
        }
        boolean isClaimed = others.stream().anyMatch(o -> o.standing() == Standing.CLAIMING);
        if (standing != Standing.CLAIMING) {
            boolean isFirst = others.stream().noneMatch(other -> other.rank() < rank);
            if (isFirst && !isClaimed) {
                standing = Standing.CLAIMING;
                return new Verdict.Again(true);
            }
            return new Verdict.Again(false);
        }
        if (!isClaimed) {
            return new Verdict.Found();
        }
        boolean mustStepBack =
                others.stream().anyMatch(o -> o.standing() == Standing.CLAIMING && o.rank() < rank);
        if (mustStepBack) {
            standing = Standing.JOINING;
        }
        return new Verdict.Again(false);
    }
}
