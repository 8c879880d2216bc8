package io.tuli.member;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;

/**
 * What is asked of a member whatever it owns: surveys, the items of streaming replies, what is
 * published. A port: every method returns at once.
 */
public interface MemberRequests {

    void asked(MemberId from, Frame.Ask ask);

    void credited(MemberId from, Frame.Credit credit);

    void cancelled(MemberId from, Frame.Cancel cancel);

    /**
     * What comes through a tunnel that was opened to this member, see {@link
     * io.tuli.tunnel.TunnelEnd#received}.
     *
     * @throws io.tuli.protocol.InvalidFrameException where no honest member says so
     */
    void tunnelled(MemberId from, TunnelFrame frame);

    /** News of who is there. */
    void membership(MemberId from, Frame.OfMembership frame);

    /** This member may not follow a service. */
    void denied(MemberId from, Frame.Denied denied);

    /**
     * Something about subjects, see {@link io.tuli.interest.PublishCore#received}.
     *
     * @throws io.tuli.protocol.InvalidFrameException where no honest member says so
     */
    void ofSubjects(MemberId from, Frame.OfSubjects frame, long now);

    /** How many calls for these versions of a service were shared out before this one. */
    long nextShared(int service, String versions);

    /** Time has passed: told on one loop. */
    void tick(long now);
}
