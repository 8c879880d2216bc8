package io.tuli.interest;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.Publication;
import io.tuli.protocol.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * This member's own subscribers, and what of all that comes is for whom. Of a group named in a
 * frame one gets it, in turn, those with room first; of the rest all whose patterns the subject
 * fits, each once, whatever number of its patterns do. One thread.
 */
public final class Subscribers {

    private static final long SEQUENCE_MAX = 1L << 60;

    private final MemberId self;
    private final long seed;
    private final Map<Integer, OfService> services = new HashMap<>();
    private final Arrivals arrivals = new Arrivals();

    /** One subscriber. Its methods return at once, and call nothing back. */
    public interface Subscriber {

        /** Empty if it is in none. */
        String group();

        /** Whether it takes what this member itself publishes. */
        boolean hearsOwn();

        boolean hasRoom();

        /** Takes a publication, or not: false. */
        boolean offer(MemberId publisher, Publication publication);

        /** So many frames, perhaps for it, did not arrive. */
        void missed(long frames);
    }

    public Subscribers(MemberId self, long seed) {
        this.self = self;
        this.seed = seed;
    }

    /** Adds one, for each of its patterns. */
    public void add(int service, List<String> patterns, Subscriber subscriber) {
        OfService of = services.computeIfAbsent(service, number -> new OfService(seed));
        Seat seat = new Seat(subscriber);
        patterns.forEach(pattern -> of.trie.add(pattern, seat));
        of.seats.put(subscriber, seat);
        of.generation++;
    }

    public void remove(int service, List<String> patterns, Subscriber subscriber) {
        OfService of = services.get(service);
        Seat seat = of == null ? null : of.seats.remove(subscriber);
        if (of != null && seat != null) {
            patterns.forEach(pattern -> of.trie.remove(pattern, seat));
            of.generation++;
            if (of.seats.isEmpty()) {
                services.remove(service);
            }
        }
    }

    /** What a frame has come to. */
    public record Received(int taken, long missing) {}

    /**
     * A publication has come from another member, or from this one itself.
     *
     * @return how many took it, and how many frames are missing before it
     * @throws InvalidFrameException where no honest member says so
     */
    public Received received(MemberId from, Frame.Publish frame) {
        Publication publication = frame.publication();
        String problem = Subjects.subjectProblem(publication.subject());
        InvalidFrameException.require(
                problem == null, String.valueOf(problem), publication.subject());
        InvalidFrameException.require(
                frame.sequence() <= SEQUENCE_MAX, "nobody sends so many frames", frame.sequence());
        Route.Origin origin = frame.route().origin();
        boolean isRelay = !frame.route().relayed().isEmpty();
        InvalidFrameException.require(
                !isRelay || (origin != null && origin.member().equals(from)),
                "what was relayed is not relayed again",
                frame.route());
        OfService of = services.get(publication.service());
        long missing = missing(from, frame, of);
        boolean isKnown = origin != null && !isRelay && !arrivals.isNew(origin);
        if (of == null || isKnown) {
            return new Received(0, missing);
        }
        MemberId publisher = origin == null ? from : origin.member();
        return new Received(of.deliver(publisher, frame, publisher.equals(self)), missing);
    }

    private long missing(MemberId from, Frame.Publish frame, @Nullable OfService of) {
        if (from.equals(self)) {
            return 0;
        }
        long missing = arrivals.missing(from, frame.publication().service(), frame.sequence());
        if (missing > 0 && of != null) {
            of.missed(missing);
        }
        return missing;
    }

    /** Something may be missing of what comes by way of others, nobody knows how much. */
    public void missedSome() {
        services.values().forEach(each -> each.missed(1));
    }

    /** A subscriber's place; compared by identity. */
    private static final class Seat {

        private final Subscriber subscriber;
        private long visit;

        Seat(Subscriber subscriber) {
            this.subscriber = subscriber;
        }
    }

    /** Those of one service. */
    private static final class OfService {

        private final SubjectTrie<Seat> trie;
        private final SubjectCache<List<Seat>> cache = new SubjectCache<>();
        private final Map<Subscriber, Seat> seats = new HashMap<>();
        private final Map<String, Integer> turns = new HashMap<>();
        private long generation;
        private long visits;

        OfService(long seed) {
            this.trie = new SubjectTrie<>(seed);
        }

        void missed(long frames) {
            seats.keySet().forEach(each -> each.missed(frames));
        }

        int deliver(MemberId publisher, Frame.Publish frame, boolean isOwn) {
            Route.Part part = frame.route().here();
            List<Seat> wanting = wanting(frame.publication().subject());
            int taken = 0;
            if (part.isForAll()) {
                for (int i = 0; i < wanting.size(); i++) {
                    Subscriber each = wanting.get(i).subscriber;
                    boolean isFor = each.group().isEmpty() && (!isOwn || each.hearsOwn());
                    taken += isFor && each.offer(publisher, frame.publication()) ? 1 : 0;
                }
            }
            for (int i = 0; i < part.groups().size(); i++) {
                Subscriber picked = pick(part.groups().get(i), wanting, isOwn);
                boolean isTaken = picked != null && picked.offer(publisher, frame.publication());
                taken += isTaken ? 1 : 0;
            }
            return taken;
        }

        /** Each once. */
        private List<Seat> wanting(String subject) {
            List<Seat> known = cache.get(subject, generation);
            if (known != null) {
                return known;
            }
            List<Seat> found = new ArrayList<>();
            trie.match(subject, found);
            long visit = ++visits;
            found.removeIf(
                    seat -> {
                        boolean isThereAlready = seat.visit == visit;
                        seat.visit = visit;
                        return isThereAlready;
                    });
            List<Seat> wanting = List.copyOf(found);
            cache.found(subject, generation, wanting);
            return wanting;
        }

        private @Nullable Subscriber pick(String group, List<Seat> wanting, boolean isOwn) {
            List<Subscriber> withRoom = new ArrayList<>();
            List<Subscriber> full = new ArrayList<>();
            for (Seat seat : wanting) {
                Subscriber each = seat.subscriber;
                if (each.group().equals(group) && (!isOwn || each.hearsOwn())) {
                    (each.hasRoom() ? withRoom : full).add(each);
                }
            }
            List<Subscriber> some = withRoom.isEmpty() ? full : withRoom;
            if (some.isEmpty()) {
                return null;
            }
            int turn = turns.merge(group, 1, Integer::sum);
            return some.get(Integer.remainderUnsigned(turn, some.size()));
        }
    }
}
