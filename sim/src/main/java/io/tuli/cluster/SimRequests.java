package io.tuli.cluster;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.handler.AskDesk;
import io.tuli.log.Stored;
import io.tuli.member.MemberRequests;
import io.tuli.passage.SimTunnels;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one simulated member, on one of its loops: the desks that ship. Answers leave a
 * little later, as from another thread. Reports and streams are not simulated. One thread.
 */
final class SimRequests implements MemberRequests {

    private static final int OF_ONE_MOST = 512;

    private final Peer member;
    private final int loop;
    private final BiConsumer<MemberId, Frame> say;
    private final Map<String, Long> shared = new HashMap<>();
    private final SimTunnels.Handler tunnelled;

    /**
     * @param tunnelled has the ends of tunnels to this member
     */
    SimRequests(
            Peer member, int loop, BiConsumer<MemberId, Frame> say, SimTunnels.Handler tunnelled) {
        this.member = member;
        this.loop = loop;
        this.say = say;
        this.tunnelled = tunnelled;
    }

    @Override
    public void asked(MemberId from, Frame.Ask ask) {
        Hosted hosted = member.hosted(ask.service());
        AskDesk desk = deskOf(hosted);
        if (hosted == null || desk == null) {
            answer(from, new Frame.Unseen(ask.call(), Failure.NOT_FOUND, "not served here"));
        } else {
            int most = hosted.spec.isStateless() ? Integer.MAX_VALUE : OF_ONE_MOST;
            desk.asked(from, ask, most, new Port(hosted));
        }
    }

    private static @Nullable AskDesk deskOf(@Nullable Hosted hosted) {
        return hosted instanceof HostedService service ? service.desk() : null;
    }

    @Override
    public void credited(MemberId from, Frame.Credit credit) {}

    @Override
    public void cancelled(MemberId from, Frame.Cancel cancel) {
        for (Hosted hosted : member.services()) {
            AskDesk desk = deskOf(hosted);
            if (desk != null) {
                desk.cancelled(from, cancel.call(), new Port(hosted));
            }
        }
        member.tunnels().cancelled(from, cancel.call());
    }

    @Override
    public void tunnelled(MemberId from, TunnelFrame frame) {
        member.tunnels().received(from, frame);
    }

    @Override
    public void denied(MemberId from, Frame.Denied denied) {}

    @Override
    public void membership(MemberId from, Frame.OfMembership frame) {}

    @Override
    public void ofSubjects(MemberId from, Frame.OfSubjects frame, long now) {}

    @Override
    public long nextShared(int service, String versions) {
        return shared.merge(service + " " + versions, 1L, Long::sum) - 1;
    }

    @Override
    public void tick(long now) {
        for (Hosted hosted : member.services()) {
            AskDesk desk = deskOf(hosted);
            if (desk != null) {
                desk.tick(new Port(hosted));
            }
        }
    }

    /** Takes no more for the service. */
    void close(HostedService hosted) {
        AskDesk desk = hosted.desk();
        if (desk != null) {
            desk.close(new Port(hosted));
        }
    }

    void linkDown(MemberId other) {
        for (Hosted hosted : member.services()) {
            AskDesk desk = deskOf(hosted);
            if (desk != null) {
                desk.linkDown(other, new Port(hosted));
            }
        }
        member.tunnels().linkDown(other);
    }

    private void answer(MemberId to, Frame frame) {
        member.post(loop, () -> say.accept(to, frame));
    }

    private final class Port implements AskDesk.Port {
        private final Hosted hosted;

        Port(Hosted hosted) {
            this.hosted = hosted;
        }

        @Override
        public void send(MemberId to, Frame frame) {
            answer(to, frame);
        }

        @Override
        public boolean isRemote(MemberId other) {
            return !other.equals(member.id());
        }

        @Override
        public @Nullable Decision tunnel(MemberId from, Frame.Ask ask, AskDesk.Place place) {
            return member.tunnels()
                    .begin(from, ask, place, frame -> answer(from, frame), tunnelled);
        }

        @Override
        public void stream(MemberId to, long call, Decision.Stream stream) {
            throw new IllegalStateException("streams are not simulated: " + stream);
        }

        @Override
        public void emit(Decision.Emitted emitted, RequestId id) {
            throw new IllegalStateException("not simulated: " + emitted);
        }

        @Override
        public Payload document(String topLevelKey) {
            if (hosted.spec.isStateless()) {
                return Payload.NONE;
            }
            Stored stored =
                    hosted.states.get(hosted.spec.partitionOf(topLevelKey)).get(topLevelKey);
            return stored == null ? Payload.NONE : stored.document();
        }
    }
}
