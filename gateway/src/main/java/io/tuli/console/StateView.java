package io.tuli.console;

import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Mesh;
import io.tuli.ServiceDescription;
import io.tuli.ServiceReport;
import io.tuli.ServiceReport.FollowerReport;
import io.tuli.ServiceReport.PartitionReport;
import io.tuli.invoke.CallStatistics.Counts;
import io.tuli.invoke.Exposed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sample as the page reads it: JSON-like values. Stateless. */
final class StateView {

    /** Clients beyond these are counted only. */
    private static final int MEMBERS_MAX = 256;

    private StateView() {}

    /** All of the mesh. */
    static Map<String, @Nullable Object> of(
            Mesh mesh, List<Exposed> exposed, Sampler.Sample sample) {
        List<Member> members = mesh.members();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("mesh", mesh.name());
        json.put("at", sample.atMillis());
        json.put("self", mesh.self().id().toString());
        json.put("members", members(mesh, members));
        json.put("otherMembers", Math.max(0, members.size() - MEMBERS_MAX));
        List<Object> services = new ArrayList<>();
        for (ServiceDescription each : sample.services()) {
            services.add(service(each, exposed, sample));
        }
        json.put("services", services);
        json.put("otherServices", sample.others());
        return json;
    }

    private static List<Object> members(Mesh mesh, List<Member> members) {
        Map<Member, LinkStatus> links = mesh.links();
        List<Object> all = new ArrayList<>();
        for (Member each : members.subList(0, Math.min(MEMBERS_MAX, members.size()))) {
            boolean isSelf = each.id().equals(mesh.self().id());
            LinkStatus link = links.getOrDefault(each, LinkStatus.DISCONNECTED);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("id", each.id().toString());
            json.put("name", each.name());
            json.put("role", lower(each.role()));
            json.put("host", each.host());
            json.put("port", each.port());
            json.put("link", isSelf ? "self" : lower(link));
            all.add(json);
        }
        return all;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> service(
            ServiceDescription said, List<Exposed> exposed, Sampler.Sample sample) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", said.name());
        json.put("application", said.application());
        json.put("versions", said.versions());
        json.put("stateless", said.isStateless());
        json.put("methods", said.methods());
        json.put("events", said.events());
        json.put("servers", said.servers().stream().map(each -> each.id().toString()).toList());
        List<Object> rows = new ArrayList<>();
        for (ServiceReport each : sample.reports().getOrDefault(said.name(), List.of())) {
            if (each.isServing() || each.replicas() > 0) { // others have nothing of it
                rows.add(row(each));
            }
        }
        json.put("rows", rows);
        List<Object> paths = new ArrayList<>();
        for (Exposed each : exposed) {
            if (each.service().name().equals(said.name())) {
                paths.add(path(each.path(), sample));
            }
        }
        json.put("paths", paths);
        return json;
    }

    private static Map<String, Object> path(String path, Sampler.Sample sample) {
        Counts counts = sample.calls().getOrDefault(path, Counts.NONE);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", path);
        json.put("calls", counts.calls());
        json.put("failures", counts.failures());
        json.put("p50", counts.millis(0.5));
        json.put("p99", counts.millis(0.99));
        return json;
    }

    private static Map<String, Object> row(ServiceReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("member", report.member().id().toString());
        json.put("serving", report.isServing());
        json.put("state", report.state());
        json.put("owned", report.owned());
        json.put("replicas", report.replicas());
        json.put("commits", report.commits());
        json.put("lag", report.lag());
        json.put("discarded", report.discarded());
        json.put("keys", report.keys());
        json.put("digest", "%016x".formatted(report.digest()));
        json.put("upMillis", report.upMillis());
        return json;
    }

    // ---- one service's partitions --------------------------------------------------------------

    /**
     * Who owns what: of each partition the owner's place among the members, or -1; its epoch, end,
     * and committed end; and of each follower its place and how many entries it is behind.
     */
    static Map<String, @Nullable Object> ring(String service, List<ServiceReport> reports) {
        Map<MemberId, Integer> places = new HashMap<>();
        List<String> members = new ArrayList<>();
        int partitions = 0;
        for (ServiceReport report : reports) {
            placeOf(report.member().id(), places, members);
            for (PartitionReport each : report.partitions()) {
                partitions = Math.max(partitions, each.partition() + 1);
            }
        }
        PartitionReport[] owners = new PartitionReport[partitions];
        int[] owner = new int[partitions];
        for (ServiceReport report : reports) {
            for (PartitionReport each : report.partitions()) {
                PartitionReport best = owners[each.partition()];
                boolean isOwner = each.role().equals("owner");
                if (isOwner && (best == null || each.epoch().isAfter(best.epoch()))) {
                    owners[each.partition()] = each;
                    owner[each.partition()] = placeOf(report.member().id(), places, members);
                }
            }
        }
        List<Object> all = new ArrayList<>();
        for (int at = 0; at < partitions; at++) {
            all.add(partition(owners[at], owner[at], places, members));
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("service", service);
        json.put("members", members);
        json.put("partitions", all);
        return json;
    }

    private static List<Object> partition(
            @Nullable PartitionReport report,
            int owner,
            Map<MemberId, Integer> places,
            List<String> members) {
        if (report == null) {
            return List.of(-1, 0, 0, 0, List.of());
        }
        List<Object> followers = new ArrayList<>();
        for (FollowerReport each : report.followers()) {
            followers.add(placeOf(each.member(), places, members));
            followers.add(Math.max(0, report.end().offset() - each.end()));
        }
        return List.of(
                owner,
                report.epoch().number(),
                report.end().offset(),
                report.committedEnd(),
                followers);
    }

    private static int placeOf(
            MemberId member, Map<MemberId, Integer> places, List<String> members) {
        return places.computeIfAbsent(
                member,
                first -> {
                    members.add(first.toString());
                    return members.size() - 1;
                });
    }
}
