package io.tuli.cluster;

import io.tuli.MemberId;
import io.tuli.codec.JsonDocuments;
import io.tuli.member.MemberCore;
import io.tuli.member.MemberRequests;
import io.tuli.protocol.Frame;

/**
 * The core that ships, in a simulated member: on the simulated network, and with the seams at which
 * faults are planted. One thread.
 */
final class SimCore extends MemberCore {

    private final World world;
    private final Peer member;

    SimCore(World world, Peer member, SimLinks links, SimEffects effects) {
        super(
                new Setting(member.id(), 0, 1, world.limits(), new JsonDocuments()),
                new Ports(
                        links,
                        (loop, arrivals) -> {
                            throw new IllegalStateException("there is one loop: " + loop);
                        },
                        new NoRequests(),
                        effects,
                        effects));
        this.world = world;
        this.member = member;
    }

    @Override
    protected void heard(MemberId from, Frame sent, long now) {
        world.tell(() -> member + " <- " + Long.toHexString(from.incarnation()) + " " + sent);
        Frame frame = world.tampering().received(member, from, sent);
        if (frame != null) {
            super.heard(from, frame, now);
        }
    }

    @Override
    protected void said(MemberId to, Frame frame) {
        Frame sent = world.tampering().sent(member, to, frame);
        if (sent != null) {
            super.said(to, sent);
        }
    }

    @Override
    protected boolean isShown(boolean isShown) {
        return world.tampering().isShown(isShown);
    }

    /** Surveys and streams are not simulated. */
    private static final class NoRequests implements MemberRequests {

        @Override
        public void asked(MemberId from, Frame.Ask ask) {
            throw new IllegalStateException("not simulated: " + ask);
        }

        @Override
        public void credited(MemberId from, Frame.Credit credit) {}

        @Override
        public void cancelled(MemberId from, Frame.Cancel cancel) {}
    }
}
