package io.tuli.loop;

import io.tuli.Member;
import io.tuli.ServiceReport;
import io.tuli.ServiceReport.GroupReport;
import io.tuli.ServiceReport.PartitionReport;
import io.tuli.handler.HandlerRunner;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.replica.Replica;
import io.tuli.reply.CallLoop;
import io.tuli.service.LocalService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What this member knows of its replicas, asked of each loop; the digest, for which all documents
 * are read that have changed since somebody asked, is worked out on a thread of its own.
 * Thread-safe.
 */
public final class Reports {

    private final Supplier<Member> self;
    private final Loops loops;
    private final BooleanSupplier isLeaving;
    private final Predicate<LocalService> isWaiting;
    private final long bornNanos = System.nanoTime();

    /**
     * @param isLeaving whether this member is on its way out
     * @param isWaiting whether a service waits for servers that are not back
     */
    public Reports(
            Supplier<Member> self,
            Loops loops,
            BooleanSupplier isLeaving,
            Predicate<LocalService> isWaiting) {
        this.self = self;
        this.loops = loops;
        this.isLeaving = isLeaving;
        this.isWaiting = isWaiting;
    }

    /** What one loop knows of a service. */
    private record Part(
            List<PartitionReport> partitions,
            Counted counted,
            long commits,
            long lag,
            Map<String, GroupReport> groups) {}

    /** How many partitions there are of what kind. */
    private record Counted(int owned, int replicas, int unsynced) {}

    public CompletableFuture<ServiceReport> of(LocalService service) {
        List<CompletableFuture<Part>> parts = asked(service, true);
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApplyAsync(
                        done ->
                                whole(
                                        service,
                                        parts.stream().map(CompletableFuture::join).toList()),
                        Thread::startVirtualThread);
    }

    /** The same in numbers alone, for which no document is read. */
    public CompletableFuture<MemberParts.ServiceFigures> figures(LocalService service) {
        List<CompletableFuture<Part>> parts = asked(service, false);
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApplyAsync(
                        done ->
                                figures(
                                        service,
                                        parts.stream().map(CompletableFuture::join).toList()),
                        Thread::startVirtualThread);
    }

    private static MemberParts.ServiceFigures figures(LocalService service, List<Part> parts) {
        HandlerRunner<?> handler = service.handler();
        return new MemberParts.ServiceFigures(
                service.name(),
                parts.stream().mapToInt(part -> part.counted().owned()).sum(),
                parts.stream().mapToInt(part -> part.counted().replicas()).sum(),
                parts.stream().mapToInt(part -> part.counted().unsynced()).sum(),
                parts.stream().mapToLong(Part::commits).sum(),
                parts.stream().mapToLong(Part::lag).sum(),
                service.keys(),
                service.events().discarded(),
                handler == null ? 0 : handler.running(),
                handler == null ? 0 : handler.desk().waiting(),
                groups(parts));
    }

    /** All loops, each for its part. */
    private List<CompletableFuture<Part>> asked(LocalService service, boolean isWhole) {
        List<CompletableFuture<Part>> parts = new ArrayList<>();
        for (NodeLoop loop : loops.all()) {
            CompletableFuture<Part> part = new CompletableFuture<>();
            if (!loop.post(() -> part.complete(partOf(loop, service, isWhole)))) {
                part.completeExceptionally(CallLoop.closed());
            }
            parts.add(part);
        }
        return parts;
    }

    private static Part partOf(NodeLoop loop, LocalService service, boolean isWhole) {
        List<PartitionReport> reports = new ArrayList<>();
        long commits = 0;
        long lag = 0;
        int owned = 0;
        int replicas = 0;
        int unsynced = 0;
        Map<String, GroupReport> groups = new TreeMap<>();
        for (int partition = 0; partition < service.spec().partitions(); partition++) {
            Replica replica = loop.core().replica(service.number(), partition);
            if (replica != null) {
                if (isWhole) {
                    reports.add(replica.report());
                }
                owned += replica.isOwner() ? 1 : 0;
                replicas += replica.isOwner() ? 0 : 1;
                commits += replica.committedEnd();
                lag += replica.lag();
                unsynced += replica.isInSync() ? 0 : 1;
                for (GroupPlace place : replica.groups().all()) {
                    groups.merge(place.name(), of(replica, place), GroupReport::with);
                }
            }
        }
        return new Part(reports, new Counted(owned, replicas, unsynced), commits, lag, groups);
    }

    private static GroupReport of(Replica replica, GroupPlace place) {
        long lag = replica.groups().lag(place, replica.log().lineage().starts(), replica.applied());
        long begun = place.acks().marks().stream().filter(mark -> !mark.isSettled()).count();
        int rejected = place.acks().rejected().size();
        return new GroupReport(place.name(), lag, place.member() == 0 ? 0 : 1, begun, rejected);
    }

    private static List<GroupReport> groups(List<Part> parts) {
        Map<String, GroupReport> all = new TreeMap<>();
        parts.forEach(
                part ->
                        part.groups()
                                .forEach((name, of) -> all.merge(name, of, GroupReport::with)));
        return List.copyOf(all.values());
    }

    private ServiceReport whole(LocalService service, List<Part> parts) {
        List<PartitionReport> partitions =
                parts.stream()
                        .flatMap(part -> part.partitions().stream())
                        .sorted(Comparator.comparingInt(PartitionReport::partition))
                        .toList();
        int owned = parts.stream().mapToInt(part -> part.counted().owned()).sum();
        int unsynced = parts.stream().mapToInt(part -> part.counted().unsynced()).sum();
        boolean hasStopped = partitions.stream().anyMatch(each -> each.role().equals("stopped"));
        boolean isSynced = unsynced == 0 && !isWaiting.test(service);
        String unready = isWaiting.test(service) ? "waiting" : "syncing";
        String state = hasStopped ? "broken" : isSynced ? "ready" : unready;
        return new ServiceReport(
                service.name(),
                self.get(),
                service.spec().isServed(),
                isLeaving.getAsBoolean() ? "leaving" : state,
                owned,
                partitions.size() - owned,
                parts.stream().mapToLong(Part::commits).sum(),
                parts.stream().mapToLong(Part::lag).sum(),
                service.events().discarded(),
                service.digest(),
                service.keys(),
                (System.nanoTime() - bornNanos) / 1_000_000,
                partitions,
                groups(parts));
    }
}
