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
import io.tuli.protocol.Observer.Reading;
import io.tuli.protocol.Task;
import io.tuli.protocol.Thrown;
import io.tuli.service.LocalService;
import io.tuli.wall.LogLimit;
import io.tuli.wall.Wall;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one loop asks of this member's services, and tells them. One thread. */
final class LoopHost implements Host, Observer {

    private static final Logger LOG = LoggerFactory.getLogger(LoopHost.class);

    private final LogLimit limit = new LogLimit();
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

    /** This member has no part in the service any more. */
    void forget(int service) {
        services.forget(service);
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
        try {
            services.required(service).applied(partition, from, end);
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    @Override
    public void marked(int service, int partition, List<SourceMark> marks) {
        try {
            services.required(service).marked(partition, marks);
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    @Override
    public void reset(int service, int partition, LogPosition at) {
        tell(() -> services.required(service).reset(partition, at));
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
        tell(() -> services.required(service).events().overruled(partition, key, kept, lost));
    }

    @Override
    public void leftOut(int service, int partition, Key key, String verb, Decision.Fail why) {
        tell(() -> services.required(service).events().leftOut(partition, key, verb, why));
    }

    @Override
    public void inexact(int service, int partition, String why) {
        tell(() -> services.required(service).events().inexact(partition, why));
    }

    @Override
    public void eventsLost(int service, int partition, LogPosition from, LogPosition to) {
        tell(() -> services.required(service).events().eventsLost(partition, from, to));
    }

    @Override
    public void reading(int service, int partition, Reading told) {
        tell(() -> services.required(service).hub().reading(partition, told));
    }

    @Override
    public void forced(int service, int partition, String why) {
        tell(() -> services.required(service).events().forced(partition, why));
    }

    @Override
    public void discarded(int service, int partition, LogPosition from, LogPosition to) {
        tell(() -> services.required(service).events().discarded(partition, from, to));
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
        tell(() -> services.required(service).roleChanged(partition, role, epoch));
    }

    @Override
    public void stream(MemberId to, long call, Decision.Stream stream) {
        tell(() -> streams.start(to, call, stream));
    }

    @Override
    public void discard(Decision.Stream stream) {
        tell(() -> streams.discard(stream));
    }

    @Override
    public void emit(Decision.Emitted emitted, RequestId id) {
        tell(() -> emissions.emit(emitted, id));
    }

    @Override
    public void stopped(int service, int partition, Throwable why) {
        tell(() -> services.required(service).events().stopped(partition, why));
    }

    private void tell(Runnable listener) {
        try {
            listener.run();
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    /** Who is told is no part of the partition: what fails there must not stop it. */
    private void failed(Throwable thrown) {
        Thrown.rethrowIfFatal(thrown);
        if (limit.mayLog()) {
            String text = "Somebody could not be told of what happened: notLogged=";
            Wall.log(LOG, text + limit.takeUnlogged(), thrown);
        }
    }

    /** Sends messages that handlers emitted to other services; returns at once. */
    @FunctionalInterface
    public interface Emissions {
        void emit(Decision.Emitted emitted, RequestId id);
    }
}
