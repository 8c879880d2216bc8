package io.tuli.loop;

import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.handler.ReplyStreams;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Host;
import io.tuli.protocol.Observer;
import io.tuli.protocol.Task;
import io.tuli.service.LocalService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one loop asks of this member's services, and tells them. One thread. */
final class LoopHost implements Host, Observer {

    private final LoopClock clock;
    private final LoopServices services;
    private final ReplyStreams streams;
    private final Emissions emissions;

    LoopHost(LoopClock clock, LoopServices services, ReplyStreams streams, Emissions emissions) {
        this.clock = clock;
        this.services = services;
        this.streams = streams;
        this.emissions = emissions;
    }

    /** Time has passed on this loop, which has that number. */
    void tick(int index, long nowNanos) {
        for (LocalService service : services.all()) {
            service.tick(index, nowNanos);
        }
    }

    @Override
    public long wallMillis() {
        return clock.wallMillis();
    }

    @Override
    public @Nullable Decision decide(Task task) {
        LocalService service = services.required(task.request().service());
        Decision decision = service.decide(task);
        if (decision != null) {
            clock.decided(service, task.request().verb());
        }
        return decision;
    }

    @Override
    public void applied(int service, int partition, long from, LogPosition end) {
        services.required(service).applied(partition, from, end);
    }

    @Override
    public void marked(int service, int partition, List<SourceMark> marks) {
        services.required(service).marked(partition, marks);
    }

    @Override
    public void reset(int service, int partition, LogPosition at) {
        services.required(service).reset(partition, at);
    }

    @Override
    public @Nullable String unreadable(int service, String key, Payload document) {
        return services.required(service).unreadable(document);
    }

    @Override
    public @Nullable Payload merge(
            int service, Key key, Payload base, Payload winner, Payload loser) {
        return services.required(service).merge(key, base, winner, loser);
    }

    @Override
    public void overruled(int service, int partition, Key key, Payload kept, Payload lost) {
        services.required(service).overruled(partition, key, kept, lost);
    }

    @Override
    public void leftOut(int service, int partition, Key key, String verb, Decision.Fail why) {
        services.required(service).leftOut(partition, key, verb, why);
    }

    @Override
    public void inexact(int service, int partition, String why) {
        services.required(service).inexact(partition, why);
    }

    @Override
    public void discarded(int service, int partition, LogPosition from, LogPosition to) {
        services.required(service).discarded(partition, from, to);
    }

    @Override
    public long neededFrom(int service, int partition) {
        return services.required(service).neededFrom(partition);
    }

    @Override
    public boolean mayOwn(int service, int partition) {
        return services.required(service).mayOwn(partition);
    }

    @Override
    public void roleChanged(int service, int partition, String role, Epoch epoch) {
        services.required(service).roleChanged(partition, role, epoch);
    }

    @Override
    public void stream(MemberId to, long call, Decision.Stream stream) {
        streams.start(to, call, stream);
    }

    @Override
    public void discard(Decision.Stream stream) {
        streams.discard(stream);
    }

    @Override
    public void emit(Decision.Emitted emitted, RequestId id) {
        emissions.emit(emitted, id);
    }

    /** Sends messages that handlers emitted to other services; returns at once. */
    @FunctionalInterface
    public interface Emissions {
        void emit(Decision.Emitted emitted, RequestId id);
    }
}
