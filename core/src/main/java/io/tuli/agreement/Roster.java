package io.tuli.agreement;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Who is in the mesh and what each has announced, as this member sees it at one time. Immutable.
 *
 * <p>Invariant: only members of this roster have announcements in it. Two members' rosters can
 * differ for a moment; a roster never authorises anything (ownership is what the take-over
 * handshake gives).
 *
 * @param number counts the rosters of this member; has no meaning elsewhere
 * @param members the view: servers first, then clients, the longest-standing first in each
 * @param announcements in the order of the members; silent members are missing
 * @param confirmed the version of this member's own announcement that every other server has heard,
 *     and has said so, with what it announced itself by then; servers that did not answer for too
 *     long are passed over. Never decreases
 */
public record Roster(
        long number,
        List<Member> members,
        Map<MemberId, Announcement> announcements,
        long confirmed) {

    /** Before the first view. */
    public static final Roster NOBODY = new Roster(0, List.of(), Map.of(), 0);

    public Roster {
        members = List.copyOf(members);
        Map<MemberId, Announcement> ordered = new LinkedHashMap<>();
        for (Member member : members) {
            Announcement announcement = announcements.get(member.id());
            if (announcement != null) {
                ordered.put(member.id(), announcement);
            }
        }
        announcements = Collections.unmodifiableMap(ordered);
    }

    /**
     * Whether every server of the view has announced. Nobody should act on a ring before: a server
     * not heard yet may serve the service too.
     */
    public boolean isComplete() {
        return silentServers().isEmpty();
    }

    /** The servers that have not announced yet. */
    public List<Member> silentServers() {
        return members.stream()
                .filter(member -> member.isServer() && !announcements.containsKey(member.id()))
                .toList();
    }

    public Optional<Member> member(MemberId id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /** What this member has announced of this service; empty if nothing. */
    public Optional<Offer> offer(MemberId member, String service) {
        return Optional.ofNullable(announcements.get(member))
                .flatMap(announcement -> announcement.offer(service));
    }

    /** The longest-standing members first: who serves the service, leaving or not. */
    public List<Member> serving(String service) {
        return members.stream()
                .filter(member -> offer(member.id(), service).filter(Offer::serving).isPresent())
                .toList();
    }

    /** The settings that hold for a service: those of its longest-standing server. */
    public Optional<Offer> rule(String service) {
        return serving(service).stream().findFirst().flatMap(member -> offer(member.id(), service));
    }

    /** The members that serve it and are not on their way out, in no order. */
    public List<MemberId> servers(String service) {
        return serving(service).stream()
                .map(Member::id)
                .filter(id -> offer(id, service).filter(Offer::leaving).isEmpty())
                .toList();
    }

    /** All services anybody serves, sorted. */
    public List<String> services() {
        TreeSet<String> names = new TreeSet<>();
        for (Announcement announcement : announcements.values()) {
            announcement.offers().stream()
                    .filter(Offer::serving)
                    .map(Offer::service)
                    .forEach(names::add);
        }
        return List.copyOf(names);
    }

    /** Who serves or uses the service of this offer with other settings than it. */
    public List<Member> disagreeing(Offer offer) {
        return members.stream()
                .filter(
                        member ->
                                offer(member.id(), offer.service())
                                        .filter(theirs -> !theirs.agreesWith(offer))
                                        .isPresent())
                .toList();
    }
}
