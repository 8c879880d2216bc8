package io.tuli.member;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import java.util.List;

/** The way from one loop of a member to another. A port: it returns at once and keeps order. */
@FunctionalInterface
public interface Handoff {

    /** Leaves frames for {@link MemberCore#arrived} of that loop. */
    void toLoop(int loop, List<Arrival> arrivals);

    /** A frame, and from whom. */
    record Arrival(MemberId from, Frame frame) {}
}
