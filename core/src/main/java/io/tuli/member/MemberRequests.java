package io.tuli.member;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;

/**
 * What is asked of a member whatever it owns: surveys, and the items of streaming replies. A port:
 * every method returns at once.
 */
public interface MemberRequests {

    void asked(MemberId from, Frame.Ask ask);

    void credited(MemberId from, Frame.Credit credit);

    void cancelled(MemberId from, Frame.Cancel cancel);

    /** News of who is there. */
    void membership(MemberId from, Frame.OfMembership frame);

    /** This member may not follow a service. */
    void denied(MemberId from, Frame.Denied denied);

    /** Time has passed; told by one loop. */
    void tick();
}
