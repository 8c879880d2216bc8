package io.tuli.planted;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.cluster.World;
import io.tuli.protocol.Frame;

/** Planted faults of those who call, and in what they are told. */
final class CallerBugs {

    private CallerBugs() {}

    static Tampering retriesWithANewId() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Request request && request.attempt() > 0
                        ? request.named(
                                new RequestId(request.id().origin(), -request.id().sequence()))
                        : frame;
            }
        };
    }

    /** Whoever is asked looks at the body before anything is there to catch what that throws. */
    static Tampering aRequestEndsItsOwner(World world) {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                if (frame instanceof Frame.Request request) {
                    world.codec().requireValid(request.key(), request.body());
                }
                return frame;
            }
        };
    }

    static Tampering repliesBeforeTheState() {
        return new Tampering() {
            @Override
            public boolean isShown(boolean isShown) {
                return true;
            }
        };
    }

    static Tampering failsWhatItAppended() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Redirect redirect
                        ? new Frame.Result(
                                redirect.call(),
                                Outcome.FAILED,
                                Failure.CONFLICT,
                                "planted",
                                LogPosition.START,
                                0,
                                false,
                                Payload.NONE)
                        : frame;
            }
        };
    }
}
