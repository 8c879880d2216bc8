package io.tuli.cluster;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Changelog;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Host;
import io.tuli.protocol.Observer;
import io.tuli.protocol.Observer.Reading;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Task;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What the core of a member's loop asks and tells: facts go to the invariants. One thread. */
final class SimEffects implements Host, Observer {

    private static final String NO_STREAMS = "streaming replies are not simulated";

    private final World world;
    private final Peer member;
    private final IntFunction<HostedService> services;
    private final BiConsumer<MemberId, Frame> say;

    SimEffects(
            World world,
            Peer member,
            IntFunction<HostedService> services,
            BiConsumer<MemberId, Frame> say) {
        this.world = world;
        this.member = member;
        this.services = services;
        this.say = say;
    }

    @Override
    public long wallMillis() {
        return world.wallMillis(member);
    }

    @Override
    public boolean mayOwn(int service, int partition) {
        return services.apply(service).folds.stream().allMatch(fold -> fold.mayOwn(partition));
    }

    @Override
    public long neededFrom(int service, int partition) {
        return services.apply(service).feeds.neededFrom(partition);
    }

    @Override
    public @Nullable Decision decide(Task task) {
        Decision decision = services.apply(task.request().service()).decide(task);
        if (decision == null || !world.isSlow()) {
            return decision;
        }
        int service = task.request().service();
        int partition = task.request().partition();
        world.afterHandler(() -> member.decided(service, partition, task.number(), decision));
        return null;
    }

    @Override
    public void applied(int service, int partition, long from, LogPosition end) {
        HostedService hosted = services.apply(service);
        if (hosted.isRestored(partition)) {
            return;
        }
        Changelog log = hosted.replicas.get(partition).log();
        for (long offset = from; offset < end.offset(); offset++) {
            applied(hosted, partition, log.at(offset));
        }
        hosted.feeds.applied(partition, from, end);
    }

    private void applied(HostedService hosted, int partition, Entry entry) {
        world.tell(() -> member + " applied " + partition + " " + entry);
        world.invariants().applied(member, hosted, partition, entry);
        if (world.tampering().isTold(member)) {
            for (Hosted.Watch watch : hosted.watches) {
                watch.applied(partition, entry);
            }
        }
    }

    @Override
    public void marked(int service, int partition, List<SourceMark> marks) {
        services.apply(service).feeds.marked(partition, marks);
    }

    @Override
    public void reset(int service, int partition, LogPosition at) {
        HostedService hosted = services.apply(service);
        if (hosted.isRestored(partition)) {
            return;
        }
        world.invariants().reset(member, hosted, partition, at);
        hosted.reached[partition] = at;
        hosted.feeds.reset(partition, at);
        for (Hosted.Watch watch : hosted.watches) {
            watch.reset(partition, at, hosted.states.get(partition));
        }
    }

    @Override
    public @Nullable String unreadable(int service, String key, Payload document) {
        return services.apply(service).unreadable(document);
    }

    @Override
    public @Nullable Payload merge(
            int service, Key key, Payload base, Payload winner, Payload loser) {
        return services.apply(service).merge(key, base, winner, loser);
    }

    @Override
    public void overruled(int service, int partition, Key key, Payload kept, Payload lost) {
        world.invariants().overruled(key);
    }

    @Override
    public void inexact(int service, int partition, String why) {
        world.tell(() -> member + " inexact " + partition + " " + why);
        world.invariants().inexact(services.apply(service));
    }

    @Override
    public void eventsLost(int service, int partition, LogPosition from, LogPosition to) {
        services.apply(service).here.eventsLost(partition, from, to);
    }

    @Override
    public void reading(int service, int partition, Reading told) {
        world.tell(() -> member + " reads " + partition + " " + told);
        Reading heard = world.tampering().told(told);
        if (heard != null) {
            services.apply(service).feeds.reading(partition, heard);
        }
    }

    @Override
    public void forced(int service, int partition, String why) {
        world.tell(() -> member + " forces " + partition + " " + why);
        services.apply(service).forced++;
    }

    @Override
    public void discarded(int service, int partition, LogPosition from, LogPosition to) {
        world.invariants().discarded(member, services.apply(service), partition, from, to);
    }

    @Override
    public void roleChanged(int service, int partition, String role, Epoch epoch) {
        world.tell(() -> member + " is " + role + " of " + partition + " in " + epoch);
        world.timeline().trace(role.hashCode() * 31L + epoch.number());
        if (role.equals("owner")) {
            world.invariants().owns(member, service, partition, epoch);
        }
        services.apply(service).folds.forEach(fold -> fold.roleChanged(partition));
    }

    @Override
    public void stream(MemberId to, long call, Decision.Stream stream) {
        say.accept(to, new Frame.End(call, 0, Failure.HANDLER_FAILED, NO_STREAMS));
    }

    @Override
    public void discard(Decision.Stream stream) {}

    /** A member that has no part in the service drops it. */
    @Override
    public void emit(Decision.Emitted emitted, RequestId id) {
        Hosted hosted = member.hosted(ServiceSpec.numberOf(emitted.service()));
        if (hosted != null) {
            Message message = emitted.message().id(id);
            world.timeline()
                    .after(
                            0,
                            () ->
                                    new ClusterService<>(world, member, hosted, Object.class)
                                            .send(message, Object.class));
        }
    }
}
