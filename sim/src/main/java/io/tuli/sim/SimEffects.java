package io.tuli.sim;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Changelog;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Host;
import io.tuli.protocol.Observer;
import io.tuli.protocol.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a member's core asks and tells: facts go to the invariants. One thread. */
final class SimEffects implements Host, Observer {

    private static final long EPOCH_MILLIS = 1_600_000_000_000L;
    private static final String NO_STREAMS = "streaming replies are not simulated";

    private final SimCluster cluster;
    private final SimMember member;

    SimEffects(SimCluster cluster, SimMember member) {
        this.cluster = cluster;
        this.member = member;
    }

    @Override
    public long wallMillis() {
        return EPOCH_MILLIS + cluster.nowNanos() / SimCluster.MILLI + member.clockAheadMillis();
    }

    @Override
    public boolean mayOwn(int service, int partition) {
        return member.required(service).folds.stream().allMatch(fold -> fold.mayOwn(partition));
    }

    @Override
    public long neededFrom(int service, int partition) {
        return member.required(service).feeds.neededFrom(partition);
    }

    @Override
    public @Nullable Decision decide(Task task) {
        Decision decision = member.required(task.request().service()).decide(task);
        return decision == null ? null : cluster.delayed(member, task, decision);
    }

    @Override
    public void applied(int service, int partition, long from, LogPosition end) {
        Hosted hosted = member.required(service);
        Changelog log = hosted.replicas.get(partition).log();
        for (long offset = from; offset < end.offset(); offset++) {
            applied(hosted, partition, log.at(offset));
        }
        hosted.feeds.applied(partition, from, end);
    }

    private void applied(Hosted hosted, int partition, Entry entry) {
        cluster.tell(() -> member + " applied " + partition + " " + entry);
        cluster.invariants().applied(member, hosted, partition, entry);
        if (cluster.tampering().isTold(member)) {
            for (Hosted.Watch watch : hosted.watches) {
                watch.applied(partition, entry);
            }
        }
    }

    @Override
    public void marked(int service, int partition, List<SourceMark> marks) {
        member.required(service).feeds.marked(partition, marks);
    }

    @Override
    public void reset(int service, int partition, LogPosition at) {
        Hosted hosted = member.required(service);
        cluster.invariants().reset(member, hosted, partition, at);
        hosted.reached[partition] = at;
        hosted.feeds.reset(partition, at);
        for (Hosted.Watch watch : hosted.watches) {
            watch.reset(partition, at, hosted.states.get(partition));
        }
    }

    @Override
    public @Nullable String unreadable(int service, String key, Payload document) {
        return member.required(service).unreadable(cluster.codec(), document);
    }

    @Override
    public @Nullable Payload merge(
            int service, Key key, Payload base, Payload winner, Payload loser) {
        return member.required(service).merge(key, base, winner, loser);
    }

    @Override
    public void overruled(int service, int partition, Key key, Payload kept, Payload lost) {
        cluster.invariants().overruled(key);
    }

    @Override
    public void inexact(int service, int partition, String why) {
        cluster.tell(() -> member + " inexact " + partition + " " + why);
        cluster.invariants().inexact(member.required(service));
    }

    @Override
    public void discarded(int service, int partition, LogPosition from, LogPosition to) {
        cluster.invariants().discarded(member, member.required(service), partition, from, to);
    }

    @Override
    public void roleChanged(int service, int partition, String role, Epoch epoch) {
        cluster.tell(() -> member + " is " + role + " of " + partition + " in " + epoch);
        cluster.timeline().trace(role.hashCode() * 31L + epoch.number());
        if (role.equals("owner")) {
            cluster.invariants().owns(member, service, partition, epoch);
        }
        member.required(service).folds.forEach(fold -> fold.roleChanged(partition));
    }

    @Override
    public void stream(MemberId to, long call, Decision.Stream stream) {
        member.send(to, new Frame.End(call, 0, Failure.HANDLER_FAILED, NO_STREAMS));
    }

    @Override
    public void discard(Decision.Stream stream) {}

    @Override
    public void emit(Decision.Emitted emitted, RequestId request) {
        cluster.emitted(member, emitted, request);
    }
}
