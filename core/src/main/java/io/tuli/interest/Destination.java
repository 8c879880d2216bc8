package io.tuli.interest;

import io.tuli.MemberId;

/** One member to which something of one service is sent, and how much was. One thread. */
final class Destination {

    final MemberId member;

    /** Whether it is this process or on this machine: of a group those are picked first. */
    final boolean isNear;

    /** Whether it is a client for which this member relays. */
    boolean isHomed;

    private long frames;

    /** What is to be known of a member. */
    record Kind(MemberId member, boolean isNear, boolean isHomed) {}

    Destination(Kind kind) {
        this.member = kind.member();
        this.isNear = kind.isNear();
        this.isHomed = kind.isHomed();
    }

    /** The number of the next frame. */
    long next() {
        return frames++;
    }

    /** So many frames will never come: whoever counts must notice. */
    void skip(long count) {
        frames += count;
    }
}
