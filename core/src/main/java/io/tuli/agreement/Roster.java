package io.tuli.agreement;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.ServiceDescription;
import io.tuli.protocol.ServiceSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is in the mesh and what each has announced, as this member sees it at one time. Immutable.
 * What is offered is ordered by service once, when it is made: then each question costs as much as
 * there are members, however many services they have.
 *
 * <p>Invariant: only members of this roster have announcements in it. Two members' rosters can
 * differ for a moment; a roster never authorises anything (ownership is what the take-over
 * handshake gives).
 */
public final class Roster {

    /** Before the first view. */
    public static final Roster NOBODY = new Roster(0, List.of(), Map.of(), 0);

    private final long number;
    private final List<Member> members;
    private final Map<MemberId, Member> byId = new HashMap<>();
    private final Map<MemberId, Announcement> announcements = new LinkedHashMap<>();
    private final long confirmed;

    /** By service, in the order of the members. */
    private final Map<String, Map<MemberId, Offer>> offers = new TreeMap<>();

    private final Map<Integer, List<String>> servicesByNumber = new HashMap<>();

    /**
     * @param number counts the rosters of this member; has no meaning elsewhere
     * @param members the view: servers first, then clients, the longest-standing first in each
     * @param announcements silent members are missing
     * @param confirmed the version of this member's own announcement that every other server has
     *     heard, and has said so, with what it announced itself by then; servers that did not
     *     answer for too long are passed over. Never decreases
     */
    public Roster(
            long number,
            List<Member> members,
            Map<MemberId, Announcement> announcements,
            long confirmed) {
        this.number = number;
        this.confirmed = confirmed;
        this.members = List.copyOf(members);
        for (Member member : members) {
            byId.put(member.id(), member);
            Announcement announcement = announcements.get(member.id());
            if (announcement != null) {
                this.announcements.put(member.id(), announcement);
                announcement.offers().forEach(offer -> add(member, offer));
            }
        }
        for (String service : offers.keySet()) {
            servicesByNumber
                    .computeIfAbsent(ServiceSpec.numberOf(service), none -> new ArrayList<>(1))
                    .add(service);
        }
    }

    /** A client owns nothing, whatever it announces. */
    private void add(Member member, Offer offer) {
        offers.computeIfAbsent(offer.service(), none -> new LinkedHashMap<>())
                .put(member.id(), member.isServer() ? offer : offer.using());
    }

    public long number() {
        return number;
    }

    /** The view: servers first, then clients, the longest-standing first in each. */
    public List<Member> members() {
        return members;
    }

    /** In the order of the members; silent members are missing. */
    public Map<MemberId, Announcement> announcements() {
        return Collections.unmodifiableMap(announcements);
    }

    /** Up to which version every other server knows what this member announced. */
    public long confirmed() {
        return confirmed;
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
        return Optional.ofNullable(byId.get(id));
    }

    /** What this member has announced of this service; empty if nothing. */
    public Optional<Offer> offer(MemberId member, String service) {
        return Optional.ofNullable(offersOf(service).get(member));
    }

    /** By the member that announced it: the longest-standing first. */
    Map<MemberId, Offer> offersOf(String service) {
        return offers.getOrDefault(service, Map.of());
    }

    /** The longest-standing members first: who serves the service, leaving or not. */
    public List<Member> serving(String service) {
        List<Member> serving = new ArrayList<>();
        offersOf(service)
                .forEach(
                        (id, offer) -> {
                            Member member = byId.get(id);
                            if (offer.serving() && member != null) {
                                serving.add(member);
                            }
                        });
        return serving;
    }

    /** The settings that hold for a service: those of its longest-standing server. */
    public Optional<Offer> rule(String service) {
        return offersOf(service).values().stream().filter(Offer::serving).findFirst();
    }

    /** Whether somebody serves it, or has something of it from an earlier life. */
    public boolean isFounded(String service) {
        return offersOf(service).values().stream()
                .anyMatch(offer -> offer.serving() || hadIt(offer.life()));
    }

    private static boolean hadIt(@Nullable Life life) {
        return life != null && !life.ring().isNone();
    }

    /** The members that serve it and are not on their way out, in no order. */
    public List<MemberId> servers(String service) {
        List<MemberId> servers = new ArrayList<>();
        offersOf(service)
                .forEach(
                        (id, offer) -> {
                            if (offer.serving() && !offer.leaving()) {
                                servers.add(id);
                            }
                        });
        return servers;
    }

    /** All services anybody serves, sorted. */
    public List<String> services() {
        return offers.keySet().stream().filter(service -> rule(service).isPresent()).toList();
    }

    /**
     * What its servers say of a service; empty where nobody serves it. The longest-standing that
     * stays goes first, then those on their way out.
     */
    public Optional<ServiceDescription> description(String service) {
        ServiceDescription known = null;
        for (boolean isLeaving : new boolean[] {false, true}) {
            for (Member member : serving(service)) {
                Offer offer = offersOf(service).get(member.id());
                if (offer != null && offer.leaving() == isLeaving) {
                    ServiceDescription before =
                            known == null
                                    ? ServiceDescription.NONE.of(service, offer.partitions() == 0)
                                    : known;
                    known = before.servedBy(member, isLeaving, offer.description());
                }
            }
        }
        return Optional.ofNullable(known);
    }

    /** All services that anybody serves or uses and that have this number: mostly one. */
    List<String> servicesOf(int serviceNumber) {
        return servicesByNumber.getOrDefault(serviceNumber, List.of());
    }
}
