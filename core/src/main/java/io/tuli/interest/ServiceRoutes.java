package io.tuli.interest;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.Publication;
import io.tuli.protocol.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where what is published of one service goes. Each publication goes once to each member where
 * somebody in no group wants it, and of each group to one member, which is picked here: a near one
 * before others, in turn by how many are in the group there, and of those to whom it would leave
 * now. There is no second try.
 *
 * <p>Frames to a member are numbered, those included that could not leave, so that it can tell what
 * it missed. One thread.
 */
public final class ServiceRoutes {

    /** Groups whose turns are remembered. */
    private static final int GROUPS_MAX = 10_000;

    private final SubjectTrie<Candidate> trie;
    private final SubjectCache<Match> cache = new SubjectCache<>();
    private final Map<MemberId, Destination> destinations = new HashMap<>();
    private final List<Candidate> found = new ArrayList<>();

    /** Whose turn it is, by group. */
    private final Map<String, Integer> turns = new HashMap<>();

    private long generation;
    private long dropped;

    ServiceRoutes(long seed) {
        this.trie = new SubjectTrie<>(seed);
    }

    // ---- who wants what ------------------------------------------------------------------------

    /** So many want it at a member now, instead of so many before. */
    void changed(Destination.Kind kind, InterestItem item, int before) {
        Destination at = destinations.computeIfAbsent(kind.member(), id -> new Destination(kind));
        if (before > 0) {
            trie.remove(item.pattern(), new Candidate(at, item.of(before)));
        }
        if (item.count() > 0) {
            trie.add(item.pattern(), new Candidate(at, item));
        }
        generation++;
    }

    /** Whether this member relays to that client. */
    void homed(MemberId client, boolean isHomed) {
        Destination at = destinations.get(client);
        if (at != null) {
            at.isHomed = isHomed;
            generation++;
        }
    }

    /** The member is gone, and nothing is wanted there. */
    void forget(MemberId member) {
        destinations.remove(member);
        generation++;
    }

    boolean isEmpty() {
        return destinations.isEmpty();
    }

    /** Frames that could not leave. */
    public long dropped() {
        return dropped;
    }

    // ---- publishing ----------------------------------------------------------------------------

    /**
     * Whether anybody wants the subject.
     *
     * @return null if it is no subject
     */
    public @Nullable Boolean isWanted(String subject) {
        Match match = match(subject);
        return match == null ? null : !match.isEmpty();
    }

    private @Nullable Match match(String subject) {
        Match known = cache.get(subject, generation);
        if (known != null) {
            return known;
        }
        if (Subjects.subjectProblem(subject) != null) {
            return null;
        }
        trie.match(subject, found);
        Match match = Match.of(found);
        found.clear();
        cache.found(subject, generation, match);
        return match;
    }

    /** What goes along with a publication to each member. */
    public interface Numbers {

        /** Who published it, and its number, where a member is to relay it. */
        Route.Origin origin();

        /** Under which members tell how many took it; 0 if nobody asks. */
        long call();

        int timeoutMillis();
    }

    /**
     * Sends it to all who want it.
     *
     * @return the members it was sent to
     */
    public List<MemberId> publish(Publication publication, Numbers numbers, Delivery delivery) {
        Match match = match(publication.subject());
        if (match == null || match.isEmpty()) {
            return List.of();
        }
        if (match.groups.isEmpty()) {
            return toAll(match, publication, numbers, delivery);
        }
        Map<Destination, Parts> parts = new LinkedHashMap<>();
        for (Match.Target target : match.plain) {
            Parts its = parts.computeIfAbsent(target.at(), at -> new Parts());
            its.isForAllHere |= target.isHere();
            its.isForAllRelayed |= target.isRelayed();
        }
        for (Match.Group group : match.groups) {
            Candidate picked = pick(group, each -> true, delivery);
            if (picked != null) {
                parts.computeIfAbsent(picked.at(), at -> new Parts()).add(picked);
            }
        }
        List<MemberId> sent = new ArrayList<>(parts.size());
        parts.forEach(
                (at, its) -> {
                    if (send(at, publication, its.route(numbers), delivery)) {
                        sent.add(at.member);
                    }
                });
        return sent;
    }

    private List<MemberId> toAll(
            Match match, Publication publication, Numbers numbers, Delivery delivery) {
        List<MemberId> sent = new ArrayList<>(match.plain.size());
        for (int i = 0; i < match.plain.size(); i++) {
            Match.Target target = match.plain.get(i);
            Route route = route(target.here(), target.relayed(), numbers);
            if (send(target.at(), publication, route, delivery)) {
                sent.add(target.at().member);
            }
        }
        return sent;
    }

    /**
     * A publication of another client, which this member relays to clients that have it as their
     * home: once, and never one that was relayed before.
     *
     * @param lost so many that were to be relayed before it never came
     * @return the members it was sent to
     */
    public List<MemberId> relay(
            MemberId from, Frame.Publish frame, long call, long lost, Delivery delivery) {
        Route.Origin origin = frame.route().origin();
        Match match = match(frame.publication().subject());
        lost(lost);
        if (origin == null || match == null || match.isEmpty()) {
            return List.of();
        }
        Map<Destination, Parts> parts = new LinkedHashMap<>();
        if (frame.route().relayed().isForAll()) {
            for (Match.Target target : match.plain) {
                Destination at = target.at();
                if (target.isHere() && at.isHomed && !at.member.equals(from)) {
                    parts.computeIfAbsent(at, id -> new Parts()).isForAllHere = true;
                }
            }
        }
        for (Match.Group group : match.groups) {
            boolean isNamed = frame.route().relayed().groups().contains(group.name);
            // It may be the one who published: in a group it is one like the others.
            Candidate picked = isNamed ? pick(group, each -> each.at().isHomed, delivery) : null;
            if (picked != null) {
                parts.computeIfAbsent(picked.at(), at -> new Parts()).add(picked);
            }
        }
        List<MemberId> sent = new ArrayList<>(parts.size());
        parts.forEach(
                (at, its) -> {
                    Route route =
                            new Route(
                                    its.here(),
                                    Route.Part.NOBODY,
                                    origin,
                                    call,
                                    frame.route().timeoutMillis());
                    if (send(at, frame.publication(), route, delivery)) {
                        sent.add(at.member);
                    }
                });
        return sent;
    }

    /** So many that perhaps were to be relayed never came: who counts on it must notice. */
    void lost(long count) {
        if (count > 0) {
            destinations.values().stream()
                    .filter(each -> each.isHomed)
                    .forEach(each -> each.skip(count));
        }
    }

    private boolean send(Destination to, Publication publication, Route route, Delivery delivery) {
        long number = to.next();
        if (!delivery.mayLeave(to.member)) {
            dropped++;
            return false;
        }
        delivery.send(to.member, new Frame.Publish(route, number, publication));
        return true;
    }

    private static Route route(Route.Part here, Route.Part relayed, Numbers numbers) {
        boolean isRelayed = !relayed.isEmpty();
        if (!isRelayed && numbers.call() == 0 && here.groups().isEmpty()) {
            return Route.PLAIN;
        }
        return new Route(
                here,
                relayed,
                isRelayed ? numbers.origin() : null,
                numbers.call(),
                numbers.timeoutMillis());
    }

    /**
     * Of those in a group one: of the near ones, and of those to whom it would leave now, if there
     * are such; in turn, each as often as there are subscribers.
     */
    private @Nullable Candidate pick(
            Match.Group group, Predicate<Candidate> isAllowed, Delivery delivery) {
        List<Candidate> best = new ArrayList<>();
        int bestClass = Integer.MAX_VALUE;
        for (Candidate each : group.candidates()) {
            if (isAllowed.test(each)) {
                int itsClass =
                        (delivery.mayLeave(each.at().member) ? 0 : 2) + (each.at().isNear ? 0 : 1);
                if (itsClass < bestClass) {
                    best.clear();
                    bestClass = itsClass;
                }
                if (itsClass == bestClass) {
                    best.add(each);
                }
            }
        }
        return best.isEmpty() ? null : inTurn(group.name, best);
    }

    private Candidate inTurn(String group, List<Candidate> candidates) {
        long all = 0;
        for (Candidate each : candidates) {
            all += each.item().count();
        }
        if (turns.size() >= GROUPS_MAX) {
            turns.clear();
        }
        int turn = turns.merge(group, 1, Integer::sum);
        long left = Integer.toUnsignedLong(turn) % all;
        for (Candidate each : candidates) {
            left -= each.item().count();
            if (left < 0) {
                return each;
            }
        }
        throw new IllegalStateException("a turn is somebody's: " + candidates);
    }

    /** Whom it is for at one member, while that is worked out. */
    private static final class Parts {

        private boolean isForAllHere;
        private boolean isForAllRelayed;
        private final List<String> groupsHere = new ArrayList<>(2);
        private final List<String> groupsRelayed = new ArrayList<>(2);

        void add(Candidate picked) {
            List<String> groups = picked.item().isRelayed() ? groupsRelayed : groupsHere;
            groups.add(picked.item().group());
        }

        Route.Part here() {
            return new Route.Part(isForAllHere, groupsHere);
        }

        Route route(Numbers numbers) {
            Route.Part relayed = new Route.Part(isForAllRelayed, groupsRelayed);
            return ServiceRoutes.route(here(), relayed, numbers);
        }
    }
}
