package io.tuli.membership;

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
final class RosterBook {

    private static final int EARLY_MAX = 1_000;

    private final Map<MemberId, Announcement> heard = new HashMap<>();
    private final Map<MemberId, Announcement> early = new LinkedHashMap<>();
    private final Set<MemberId> present = new HashSet<>();
    private Roster roster = Roster.NOBODY;

    /** The roster after the last change. */
    Roster roster() {
        return roster;
    }

    /**
     * A view has come.
     *
     * @return the members that were not in the one before
     */
    List<Member> viewed(List<Member> members) {
        List<Member> joined = new ArrayList<>();
        for (Member member : members) {
            if (!present.contains(member.id())) {
                joined.add(member);
            }
        }
        present.clear();
        members.forEach(member -> present.add(member.id()));
        heard.keySet().retainAll(present);
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
    void announced(MemberId from, Announcement announcement) {
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

    /** The members of the view that have said nothing yet. */
    List<MemberId> silent() {
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

    private void write(List<Member> members) {
        roster = new Roster(roster.number() + 1, members, heard);
    }
}
