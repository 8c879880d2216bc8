package io.tuli.passage;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.handler.AskDesk;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;
import io.tuli.tunnel.TunnelEnd;
import io.tuli.tunnel.TunnelRoom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tunnels to the handlers of a simulated member. One thread. */
public final class SimTunnels {

    /** So many at once, with windows so small that who sends has to wait. */
    private static final int MOST = 6;

    private static final int WINDOW_BYTES = 20_000;

    private final TunnelRoom room = new TunnelRoom(MOST, WINDOW_BYTES, MOST * WINDOW_BYTES);
    private final Map<Place, Served> served = new LinkedHashMap<>();

    private record Place(MemberId opener, long call) {}

    private record Served(SimTunnel tunnel, int window, AskDesk.Place at, Consumer<Frame> say) {}

    /** Who has the ends that are opened here. */
    @FunctionalInterface
    public interface Handler {
        void opened(Frame.Ask ask, SimTunnel tunnel);
    }

    /**
     * As a member that ships, without a thread.
     *
     * @param say takes what is said to who opens it, in order
     */
    public @Nullable Decision begin(
            MemberId from, Frame.Ask ask, AskDesk.Place at, Consumer<Frame> say, Handler handler) {
        int window = room.enter();
        if (window == 0) {
            return new Decision.Fail(Failure.OVERLOADED, room.rule());
        }
        Place place = new Place(from, ask.call());
        if (served.containsKey(place)) {
            room.left(window);
            return new Decision.Fail(Failure.CONFLICT, "a number is one tunnel's");
        }
        at.opened();
        Extensions.Opening opening = Objects.requireNonNull(ask.extensions().opening());
        TunnelEnd end = TunnelEnd.served(ask.call(), opening, window, say::accept);
        SimTunnel tunnel = new SimTunnel(from, end, say, reason -> left(place, reason));
        served.put(place, new Served(tunnel, window, at, say));
        handler.opened(ask, tunnel);
        return null;
    }

    private void left(Place place, @Nullable String reason) {
        Served here = served.get(place);
        if (here != null) {
            long cost = here.tunnel.sentCost();
            Failure failure = reason == null ? null : Failure.CANCELLED;
            String detail = reason == null ? "" : reason;
            here.say.accept(new Frame.End(place.call, cost, failure, detail));
            remove(place, here);
        }
    }

    private void remove(Place place, Served here) {
        served.remove(place);
        room.left(here.window);
        here.at.left();
    }

    private void over(Place place, String reason) {
        Served here = served.get(place);
        if (here != null) {
            here.tunnel.over(reason);
            remove(place, here);
        }
    }

    public void received(MemberId from, TunnelFrame frame) {
        Served here = served.get(new Place(from, frame.call()));
        if (here != null) {
            here.tunnel.received(frame);
        }
    }

    public void cancelled(MemberId from, long call) {
        over(new Place(from, call), "closed by its opener");
    }

    public void linkDown(MemberId member) {
        for (Place place : List.copyOf(served.keySet())) {
            if (place.opener.equals(member)) {
                over(place, "the link is lost");
            }
        }
    }

    /** Those that have not ended. */
    public int open() {
        return served.size();
    }

    /** Of those, one for people; empty where there is none. */
    public String anyOpen() {
        return served.isEmpty() ? "" : served.values().iterator().next().tunnel.toString();
    }
}
