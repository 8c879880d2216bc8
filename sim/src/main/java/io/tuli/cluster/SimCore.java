package io.tuli.cluster;

import io.tuli.MemberId;
import io.tuli.call.Caller;
import io.tuli.codec.JsonDocuments;
import io.tuli.member.MemberCore;
import io.tuli.protocol.Frame;

/**
 * The core that ships, on one loop of a simulated member: on the simulated network, and with the
 * seams at which faults are planted. One thread.
 */
final class SimCore extends MemberCore {

    private final World world;
    private final Peer member;
    private final int loop;

    SimCore(World world, Peer member, int loop, Ports ports) {
        super(
                new Setting(
                        member.id(),
                        loop,
                        member.loops(),
                        partOf(member.limits(), member.loops()),
                        new JsonDocuments()),
                ports);
        this.world = world;
        this.member = member;
        this.loop = loop;
    }

    @Override
    protected void heard(MemberId from, Frame sent, long now) {
        if (!isForThisLoop(sent) || isOfNothing(sent)) {
            super.heard(from, sent, now);
            return;
        }
        world.tell(() -> member + " <- " + Long.toHexString(from.incarnation()) + " " + sent);
        Frame frame = world.tampering().received(member, from, sent);
        if (frame != null) {
            super.heard(from, frame, now);
        }
    }

    /** Of a service in which the member has no part. */
    private boolean isOfNothing(Frame frame) {
        return frame instanceof Frame.OfPartition about && member.hosted(about.service()) == null;
    }

    /** What is not is handed over, and heard where it belongs. */
    private boolean isForThisLoop(Frame frame) {
        return switch (frame) {
            case Frame.OfPartition about -> member.loopOf(about) == loop;
            case Frame.OfCall about -> Caller.loopOf(about.call()) == loop;
            default -> true;
        };
    }

    @Override
    protected void said(MemberId to, Frame frame) {
        world.invariants().promises.told(member, frame);
        Frame sent = world.tampering().sent(member, to, frame);
        if (sent != null) {
            super.said(to, sent);
        }
    }

    @Override
    protected boolean isShown(boolean isShown) {
        return world.tampering().isShown(isShown);
    }
}
