package io.tuli.membership;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.List;

/** A member that hears everything and says nothing by itself. */
final class SilentMember implements ControlChannel.Events {

    @Override
    public void viewed(List<Member> members) {}

    @Override
    public void received(MemberId from, byte[] message) {}
}
