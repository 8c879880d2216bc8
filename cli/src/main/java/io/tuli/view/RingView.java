package io.tuli.view;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.ServiceReport;
import io.tuli.ServiceReport.FollowerReport;
import io.tuli.ServiceReport.PartitionReport;
import io.tuli.ring.Ring;
import io.tuli.terminal.Amount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who owns which partition of a service, from what its members say. Immutable. */
public final class RingView {

    private final List<Member> servers;
    private final Map<MemberId, Member> membersById = new LinkedHashMap<>();
    private final List<Place> places;

    /**
     * @param reports what each member knows of the service
     * @param oldestFirst all members of the mesh
     */
    public RingView(List<ServiceReport> reports, List<Member> oldestFirst) {
        List<MemberId> serving =
                reports.stream()
                        .filter(ServiceReport::isServing)
                        .map(report -> report.member().id())
                        .toList();
        this.servers =
                oldestFirst.stream().filter(member -> serving.contains(member.id())).toList();
        oldestFirst.forEach(member -> membersById.put(member.id(), member));
        reports.forEach(report -> membersById.put(report.member().id(), report.member()));
        this.places = places(reports);
    }

    private static List<Place> places(List<ServiceReport> reports) {
        int partitions =
                reports.stream()
                        .flatMap(report -> report.partitions().stream())
                        .mapToInt(partition -> partition.partition() + 1)
                        .max()
                        .orElse(0);
        Place[] places = new Place[partitions];
        for (int i = 0; i < partitions; i++) {
            places[i] = new Place(i, null, null);
        }
        for (ServiceReport report : reports) {
            for (PartitionReport partition : report.partitions()) {
                Place known = places[partition.partition()];
                if (partition.role().equals("owner") && known.isBefore(partition)) {
                    places[partition.partition()] =
                            new Place(known.number(), report.member(), partition);
                }
            }
        }
        return List.of(places);
    }

    public int partitions() {
        return places.size();
    }

    public Place place(int partition) {
        return places.get(partition);
    }

    /** Oldest first. */
    public List<Member> servers() {
        return servers;
    }

    public int ownedBy(Member member) {
        return (int) places.stream().filter(place -> place.isOwnedBy(member)).count();
    }

    /** What the newest server took when it joined, if there was another before it. */
    public Optional<Moved> moved() {
        if (servers.size() < 2) {
            return Optional.empty();
        }
        List<MemberId> now = servers.stream().map(Member::id).toList();
        List<MemberId> before = now.subList(0, now.size() - 1);
        Ring ring = Ring.of(partitions(), now, List.of());
        int moved = ring.movedFrom(Ring.of(partitions(), before, List.of()));
        return Optional.of(new Moved(servers.getLast(), moved, partitions(), servers.size()));
    }

    public String nameOf(MemberId id) {
        Member member = membersById.get(id);
        return member == null ? id.toString() : member.name();
    }

    public Map<String, @Nullable Object> json(String service) {
        List<Map<String, Object>> members = new ArrayList<>();
        for (Member server : servers) {
            Map<String, Object> member = new LinkedHashMap<>();
            member.put("member", server.id().toString());
            member.put("name", server.name());
            member.put("address", server.address());
            member.put("owned", ownedBy(server));
            members.add(member);
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("service", service);
        object.put("members", members);
        object.put("moved", moved().map(Moved::json).orElse(null));
        object.put("partitions", places.stream().map(this::json).toList());
        return object;
    }

    /** One partition: its owner and how far its followers are. */
    public Map<String, @Nullable Object> json(Place place) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("partition", place.number());
        Member owner = place.owner();
        PartitionReport report = place.report();
        object.put("owner", owner == null ? null : owner.id().toString());
        object.put("ownerName", owner == null ? null : owner.name());
        object.put("epoch", report == null ? null : report.epoch().number());
        object.put("end", report == null ? null : report.end().offset());
        object.put("committedEnd", report == null ? null : report.committedEnd());
        List<Map<String, Object>> followers = new ArrayList<>();
        for (FollowerReport follower : place.followers()) {
            Map<String, Object> fact = new LinkedHashMap<>();
            fact.put("member", follower.member().toString());
            fact.put("name", nameOf(follower.member()));
            fact.put("end", follower.end());
            fact.put("behind", place.behind(follower));
            followers.add(fact);
        }
        object.put("followers", followers);
        return object;
    }

    /**
     * One partition.
     *
     * @param owner null while nobody owns it
     * @param report the owner's
     */
    public record Place(int number, @Nullable Member owner, @Nullable PartitionReport report) {

        boolean isBefore(PartitionReport other) {
            return report == null || other.epoch().isAfter(report.epoch());
        }

        boolean isOwnedBy(Member member) {
            return owner != null && owner.id().equals(member.id());
        }

        public List<FollowerReport> followers() {
            return report == null
                    ? List.of()
                    : report.followers().stream()
                            .sorted(Comparator.comparing(FollowerReport::member))
                            .toList();
        }

        /** Entries of the owner's changelog that the follower has not acknowledged. */
        public long behind(FollowerReport follower) {
            return report == null ? 0 : Math.max(0, report.end().offset() - follower.end());
        }
    }

    /** How many partitions of all have another owner because of the newest of so many members. */
    public record Moved(Member newest, int partitions, int all, int members) {

        Map<String, Object> json() {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("newest", newest.id().toString());
            object.put("partitions", partitions);
            object.put("share", (double) partitions / all);
            object.put("ideal", 1.0 / members);
            return object;
        }

        @Override
        public String toString() {
            return newest.name()
                    + " joined last: moved "
                    + Amount.percent(partitions, all)
                    + " of the partitions, ideal "
                    + Amount.percent(1, members);
        }
    }
}
