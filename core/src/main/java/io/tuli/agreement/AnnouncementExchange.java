package io.tuli.agreement;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One member's talk with the others of its view: what it announces and confirms, to whom, and when
 * again. Rosters come out of it. Knows no threads, clocks or channels; one thread uses it.
 *
 * <p>Announcements are state: a member sends its own to all when it changes and every so often, to
 * whoever joins and to whoever asks; it asks whom it has not heard. So a lost one heals. It
 * confirms an announcement only once its own listener has the roster with it; {@link
 * Roster#confirmed()} tells what others have confirmed.
 */
public final class AnnouncementExchange {

    /** Nobody sends more than ten repeated announcements a second, however large the mesh. */
    private static final long REPEAT_NANOS_PER_MEMBER = 100_000_000;

    private final MemberId self;
    private final Patience patience;
    private final Port port;
    private final RosterBook book;
    private final Map<MemberId, Asked> askedOf = new HashMap<>();
    private final Set<MemberId> joined = new LinkedHashSet<>();
    private final Set<MemberId> asking = new LinkedHashSet<>();
    private final Set<MemberId> wanting = new LinkedHashSet<>();
    private Announcement mine = Announcement.NOTHING;
    private boolean isMineNew;
    private boolean isViewNew;
    private long toldNumber;
    private long repeatedAt;

    /** What it says to others, and the rosters it tells its own member. */
    public interface Port {

        /** To all others of the view; whether who hears it shall confirm. */
        void announceToAll(Announcement mine, boolean isWanting);

        /** To one of the view. */
        void announce(MemberId to, Announcement mine, boolean isWanting);

        void confirm(MemberId to, Confirmation confirmation);

        /** That one has not been heard, and shall say again what it announces. */
        void ask(MemberId to);

        /** A roster that is newer than the one before. */
        void changed(Roster next);
    }

    /**
     * How long it waits for others.
     *
     * @param repeatNanos between two announcements of the same to all
     * @param askNanos before it asks who is silent or owes a confirmation; then twice as long
     * @param confirmTicks after which who does not confirm is not waited for
     */
    public record Patience(long repeatNanos, long askNanos, int confirmTicks) {}

    private record Asked(long sinceNanos, long forNanos) {}

    public AnnouncementExchange(MemberId self, Patience patience, Port port, long now) {
        this.self = self;
        this.patience = patience;
        this.port = port;
        this.book = new RosterBook(self, patience.confirmTicks());
        this.repeatedAt = now;
    }

    // ---- what comes: then settle ---------------------------------------------------------------

    /** The member says this of itself from now on. */
    public void announce(Announcement announcement) {
        mine = announcement;
        isMineNew = true;
    }

    /** A view has come: servers first, the longest-standing first in each. */
    public void viewed(List<Member> members) {
        isViewNew = true;
        for (Member member : book.viewed(members)) {
            joined.add(member.id());
        }
    }

    /** A member has announced, and wants it confirmed or does not. */
    public void announced(MemberId from, Announcement theirs, boolean isWanting) {
        book.announced(from, theirs);
        if (isWanting) {
            wanting.add(from);
        }
    }

    /** A member wants what it has announced last to be confirmed. */
    public void wanted(MemberId from) {
        wanting.add(from);
    }

    public void confirmed(MemberId from, Confirmation confirmation) {
        book.confirmed(from, confirmation);
    }

    /** A member asks what this one announces. */
    public void asked(MemberId from) {
        asking.add(from);
    }

    // ---- what follows --------------------------------------------------------------------------

    /** All that has come so far was told: says what follows from it. */
    public void settle(long now) {
        book.announced(self, mine);
        answer(now);
        publish();
        confirm();
        isViewNew = false;
    }

    private void answer(long now) {
        if (isMineNew || joined.contains(self)) {
            isMineNew = false;
            announceToAll(now);
        } else {
            asking.addAll(joined);
        }
        joined.clear();
        boolean isWanting = isWanting();
        asking.forEach(member -> port.announce(member, mine, isWanting));
        asking.clear();
    }

    private void announceToAll(long now) {
        repeatedAt = now;
        port.announceToAll(mine, isWanting());
    }

    private boolean isWanting() {
        return !book.owing().isEmpty();
    }

    private void publish() {
        if (book.roster().number() != toldNumber) {
            toldNumber = book.roster().number();
            port.changed(book.roster());
        }
    }

    /**
     * Only now, for the listener knows whom this member confirms. Who is not in its view yet may be
     * in the next; who is not in that will say so again.
     */
    private void confirm() {
        for (MemberId to : List.copyOf(wanting)) {
            long heard = book.version(to);
            if (heard >= 0) {
                wanting.remove(to);
                port.confirm(to, new Confirmation(heard, mine.version()));
            } else if (isViewNew) {
                wanting.remove(to);
            }
        }
    }

    /**
     * A tick has passed.
     *
     * @return the servers that are not waited for any more from now on, where that changes the
     *     roster
     */
    public List<MemberId> tick(long now) {
        repeat(now);
        ask(now);
        List<MemberId> givenUp = book.waited();
        boolean isChanged = book.roster().number() != toldNumber;
        publish();
        return isChanged ? givenUp : List.of();
    }

    private void repeat(long now) {
        long pause =
                Math.max(
                        patience.repeatNanos(),
                        book.roster().members().size() * REPEAT_NANOS_PER_MEMBER);
        if (now - repeatedAt >= pause) {
            announceToAll(now);
        }
    }

    private void ask(long now) {
        List<MemberId> owing = book.owing();
        Set<MemberId> late = new LinkedHashSet<>(book.silent());
        late.addAll(owing);
        askedOf.keySet().retainAll(late);
        for (MemberId member : late) {
            Asked before = askedOf.get(member);
            if (before == null) {
                askedOf.put(member, new Asked(now, patience.askNanos()));
            } else if (now - before.sinceNanos >= before.forNanos) {
                long next = Math.min(2 * before.forNanos, patience.repeatNanos());
                askedOf.put(member, new Asked(now, next));
                port.ask(member);
                if (owing.contains(member)) {
                    port.announce(member, mine, true);
                }
            }
        }
    }
}
