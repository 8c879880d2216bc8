package io.tuli.agreement;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts views and announcements together to rosters. Knows no threads, clocks or channels; one
 * thread uses it.
 *
 * <p>An announcement may come before the view that holds its member; such ones are kept, a limited
 * number, until the next view.
 */
public final class RosterBook {

    private static final int EARLY_MAX = 1_000;

    private final MemberId self;
    private final int patienceTicks;
    private final Map<MemberId, Announcement> heard = new HashMap<>();
    private final Map<MemberId, Announcement> early = new LinkedHashMap<>();
    private final Set<MemberId> present = new HashSet<>();
    private final Confirmations confirmations = new Confirmations();
    private Roster roster = Roster.NOBODY;

    /** After so many ticks who does not confirm is not waited for. */
    public RosterBook(MemberId self, int patienceTicks) {
        this.self = self;
        this.patienceTicks = patienceTicks;
    }

    /** The roster after the last change. */
    public Roster roster() {
        return roster;
    }

    /**
     * A view has come.
     *
     * @return the members that were not in the one before
     */
    public List<Member> viewed(List<Member> members) {
        List<Member> joined = new ArrayList<>();
        for (Member member : members) {
            if (!present.contains(member.id())) {
                joined.add(member);
            }
        }
        present.clear();
        members.forEach(member -> present.add(member.id()));
        heard.keySet().retainAll(present);
        confirmations.retain(present);
        for (Map.Entry<MemberId, Announcement> entry : early.entrySet()) {
            if (present.contains(entry.getKey())) {
                heard.merge(entry.getKey(), entry.getValue(), RosterBook::newer);
            }
        }
        early.clear();
        if (!members.equals(roster.members())) {
            write(members);
        }
        return joined;
    }

    /** A member has announced. */
    public void announced(MemberId from, Announcement announcement) {
        if (!present.contains(from)) {
            if (early.size() < EARLY_MAX) {
                early.merge(from, announcement, RosterBook::newer);
            }
            return;
        }
        Announcement before = heard.get(from);
        if (before == null || announcement.version() > before.version()) {
            heard.put(from, announcement);
            write(roster.members());
        }
    }

    /** A member says which announcement of this one it has heard. */
    public void confirmed(MemberId from, Confirmation confirm) {
        if (present.contains(from)) {
            confirmations.given(from, confirm);
            writeIfConfirmed();
        }
    }

    /**
     * A tick has passed.
     *
     * @return the servers that are not waited for any more from now on
     */
    public List<MemberId> waited() {
        List<MemberId> givenUp = confirmations.waited(owing(), patienceTicks);
        if (!givenUp.isEmpty()) {
            writeIfConfirmed();
        }
        return givenUp;
    }

    /** The other servers of the view that have not confirmed the newest announcement. */
    public List<MemberId> owing() {
        long newest = version(self);
        List<MemberId> owing = new ArrayList<>();
        for (Member member : roster.members()) {
            boolean isOther = member.isServer() && !member.id().equals(self);
            if (isOther && confirmations.of(member.id(), heard) < newest) {
                owing.add(member.id());
            }
        }
        return owing;
    }

    /** What a member of the view has announced; -1 where nothing was heard of it. */
    public long version(MemberId member) {
        Announcement announcement = heard.get(member);
        return announcement == null ? -1 : announcement.version();
    }

    /** The members of the view that have said nothing yet. */
    public List<MemberId> silent() {
        List<MemberId> silent = new ArrayList<>();
        for (Member member : roster.members()) {
            if (!heard.containsKey(member.id())) {
                silent.add(member.id());
            }
        }
        return silent;
    }

    private static Announcement newer(Announcement one, Announcement other) {
        return one.version() >= other.version() ? one : other;
    }

    private void writeIfConfirmed() {
        if (confirmedBy(roster.members()) > roster.confirmed()) {
            write(roster.members());
        }
    }

    private void write(List<Member> members) {
        roster = new Roster(roster.number() + 1, members, heard, confirmedBy(members));
    }

    /** By every other server that is waited for. */
    private long confirmedBy(List<Member> members) {
        long all = version(self);
        for (Member member : members) {
            MemberId id = member.id();
            boolean isOther = member.isServer() && !id.equals(self);
            if (isOther && !confirmations.isGivenUp(id, patienceTicks)) {
                all = Math.min(all, confirmations.of(id, heard));
            }
        }
        return Math.max(all, roster.confirmed());
    }
}
