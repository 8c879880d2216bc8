package io.tuli.loop;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.transport.Link;

/** Hears what links tell of who is there. On a loop: every method returns at once. */
public interface MembershipNews {

    /** Of who has nobody to tell. */
    MembershipNews NONE = new MembershipNews() {};

    default void up(Link link) {}

    default void down(MemberId peer) {}

    default void heard(Link from, Frame.OfMembership frame) {}
}
