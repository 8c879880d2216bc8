package io.tuli.pipe;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.call.CallSpec;
import io.tuli.handler.AskDesk;
import io.tuli.handler.HandlerRunner;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;
import io.tuli.reply.CallLoop;
import io.tuli.reply.PendingCall;
import io.tuli.tunnel.TunnelEnd;
import io.tuli.tunnel.TunnelRoom;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All tunnels of a member: those to its handlers, and those that it has opened. Each counts until
 * its handler has returned here, or its opener's call has ended. Thread-safe.
 */
public final class Tunnels {

    private final Bounds bounds;
    private final Gathered gathered;
    private final Shared shared;
    private final TunnelRoom room;
    private final Map<Place, Served> served = new ConcurrentHashMap<>();

    /** Of all, when they are over. */
    private final Map<Pipe, Long> deadlines = new ConcurrentHashMap<>();

    /**
     * What they may take, see {@code docs/tuning.md}.
     *
     * @param most at once
     * @param windowBytes of each
     * @param windowsBytes of all
     * @param messageBytes of a message that is received as a whole
     * @param gatheredBytes of all unfinished ones
     * @param lasts where nobody says
     */
    public record Bounds(
            int most,
            int windowBytes,
            long windowsBytes,
            int messageBytes,
            long gatheredBytes,
            Duration lasts) {}

    /** Whose tunnel, by the number that its opener gave it. */
    private record Place(MemberId opener, long call) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byOpener = opener.compareTo(other.opener);
            return byOpener == 0 ? Long.compare(call, other.call) : byOpener;
        }
    }

    public Tunnels(Bounds bounds, Codec codec, Ways ways) {
        this.bounds = bounds;
        this.gathered = new Gathered(bounds.gatheredBytes());
        this.shared = new Shared(codec, ways, gathered, bounds.messageBytes());
        this.room = new TunnelRoom(bounds.most(), bounds.windowBytes(), bounds.windowsBytes());
    }

    Shared shared() {
        return shared;
    }

    private synchronized int enter() {
        return room.enter();
    }

    private synchronized void leave(int window) {
        room.left(window);
    }

    private synchronized String rule() {
        return room.rule();
    }

    /** Tunnels that have not ended. */
    public synchronized int open() {
        return room.count();
    }

    /** The windows of those, and what has come of unfinished messages, in bytes. */
    public synchronized long heldBytes() {
        return room.usedBytes() + gathered.bytes();
    }

    // ---- opened here ---------------------------------------------------------------------------

    /** How long a tunnel lasts, given what its message says. */
    public Duration lasts(@Nullable Duration said) {
        Duration lasts = said == null ? bounds.lasts() : said;
        Duration most = Duration.ofMillis(Extensions.Opening.LASTS_MOST);
        return lasts.compareTo(most) > 0 ? most : lasts;
    }

    /**
     * What is said of a tunnel that is to be opened: from now on it counts.
     *
     * @throws TuliException OVERLOADED where there are too many
     */
    public Extensions.Opening reserve(Duration lasts) {
        int window = enter();
        if (window == 0) {
            throw new TuliException(Failure.OVERLOADED, rule());
        }
        return new Extensions.Opening(window, Math.max(1, lasts.toMillis()));
    }

    /** Nothing comes of it. */
    public void giveBack(Extensions.Opening reserved) {
        leave(reserved.windowBytes());
    }

    /** The call that opens what was reserved. */
    public Opening opening(CallSpec spec, CallLoop loop, PendingCall.Explainer explainer) {
        Opening opening = new Opening(spec, loop, explainer, this);
        long lasts = Objects.requireNonNull(spec.extensions().opening()).lastsMillis();
        deadlines.put(opening.pipe(), System.nanoTime() + Duration.ofMillis(lasts).toNanos());
        return opening;
    }

    /** Its call has ended. */
    void left(Opening opening) {
        if (deadlines.remove(opening.pipe()) != null) {
            leave(opening.window());
        }
    }

    // ---- served here ---------------------------------------------------------------------------

    /**
     * A tunnel to a handler of this member is to begin.
     *
     * @param service its number
     * @return why it does not; null where it does
     */
    public @Nullable Decision serve(
            HandlerRunner<?> runner, int service, MemberId from, Frame.Ask ask, AskDesk.Place at) {
        int window = enter();
        if (window == 0) {
            return new Decision.Fail(Failure.OVERLOADED, rule());
        }
        Served tunnel = new Served(service, from, ask, window, at);
        if (served.putIfAbsent(tunnel.place, tunnel) != null) {
            leave(window);
            return new Decision.Fail(Failure.CONFLICT, "a number is one tunnel's: " + ask.call());
        }
        deadlines.put(tunnel.pipe, System.nanoTime() + Durations.nanos(tunnel.lasts()));
        boolean isRemote = shared.ways().isRemote(from);
        Decision refusal = runner.tunnel(ask, isRemote, tunnel.lasts(), tunnel);
        if (refusal != null) {
            tunnel.remove();
        } else if (at.isCancelled()) {
            tunnel.pipe.standing().over(closedThere());
        } else if (!shared.ways().isThere(from)) {
            tunnel.pipe.standing().over(linkLost());
        }
        return refusal;
    }

    private static TuliException closedThere() {
        return new TuliException(
                Outcome.UNKNOWN, Failure.CANCELLED, "whoever opened the tunnel has closed it");
    }

    private static TuliException linkLost() {
        String rule = "the link to who opened the tunnel is lost, or its process has died";
        return new TuliException(Outcome.UNKNOWN, Failure.UNAVAILABLE, rule);
    }

    /** A tunnel to a handler of this member. */
    private final class Served implements HandlerRunner.TunnelRun {
        private final int service;
        private final Place place;
        private final Extensions.Opening opening;
        private final int window;
        private final AskDesk.Place at;
        private final Pipe pipe;

        Served(int service, MemberId from, Frame.Ask ask, int window, AskDesk.Place at) {
            this.service = service;
            this.place = new Place(from, ask.call());
            this.opening = Objects.requireNonNull(ask.extensions().opening());
            this.window = window;
            this.at = at;
            this.pipe = new Pipe(shared, this::tell);
        }

        Duration lasts() {
            return Duration.ofMillis(opening.lastsMillis());
        }

        private void tell(@Nullable TuliException why, long sentCost) {
            Frame.End end =
                    why == null
                            ? new Frame.End(place.call(), sentCost, null, "")
                            : new Frame.End(
                                    place.call(),
                                    sentCost,
                                    why.failure(),
                                    String.valueOf(why.getMessage()));
            shared.ways().send(place.opener(), end);
        }

        @Override
        public @Nullable Tunnel begin() {
            return pipe.standing().open(place.opener(), this::opened) ? pipe : null;
        }

        /** Told before anything is said through it, and what comes then waits. */
        private TunnelEnd opened() {
            at.opened();
            return TunnelEnd.served(
                    place.call(),
                    opening,
                    window,
                    frame -> shared.ways().send(place.opener(), frame));
        }

        @Override
        public void end(Decision.@Nullable Fail failed) {
            if (failed != null) {
                pipe.standing().giveUp(failed.failure(), failed.detail());
            }
            pipe.returned();
            remove();
            at.left();
        }

        private void remove() {
            served.remove(place, this);
            deadlines.remove(pipe);
            leave(window);
        }
    }

    // ---- what happens --------------------------------------------------------------------------

    /**
     * Something of a tunnel to a handler of this member; of one that is over it means nothing.
     *
     * @throws io.tuli.protocol.InvalidFrameException where no honest member says so
     */
    public void received(MemberId from, TunnelFrame frame) {
        Served tunnel = served.get(new Place(from, frame.call()));
        if (tunnel != null) {
            tunnel.pipe.standing().received(frame);
        }
    }

    /** Its opener has closed it; false where it is none. */
    public boolean cancelled(MemberId from, long call) {
        Served tunnel = served.get(new Place(from, call));
        return tunnel != null && tunnel.pipe.standing().over(closedThere());
    }

    /** The link to a member is lost, and with it all tunnels from there. */
    public void linkDown(MemberId member) {
        served.forEach(
                (place, tunnel) -> {
                    if (place.opener().equals(member)) {
                        tunnel.pipe.standing().over(linkLost());
                    }
                });
    }

    /** There is room on the link to a member again. */
    public void writable(MemberId member) {
        deadlines.keySet().forEach(pipe -> pipe.standing().writable(member));
    }

    /** Time has passed. */
    public void tick(long now) {
        deadlines.forEach(
                (pipe, deadline) -> {
                    if (now - deadline >= 0) {
                        pipe.standing().giveUp(Failure.TIMEOUT, "the time of the tunnel is over");
                    }
                });
    }

    /** Ends those to the handler of one service. */
    public void close(int service) {
        served.values()
                .forEach(
                        tunnel -> {
                            if (tunnel.service == service) {
                                closed(tunnel);
                            }
                        });
    }

    /** Ends those to all handlers. */
    public void close() {
        served.values().forEach(Tunnels::closed);
    }

    private static void closed(Served tunnel) {
        tunnel.pipe.standing().giveUp(Failure.CLOSED, "the member has closed the service");
    }
}
