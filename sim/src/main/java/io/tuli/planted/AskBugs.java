package io.tuli.planted;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Planted faults in what members ask each other, and are told. */
final class AskBugs {

    /** Turns an id into another one. */
    private static final long OTHER = 1L << 40;

    private AskBugs() {}

    static Tampering saysUnseenForWhatItRan() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Result result
                                && result.outcome() == Outcome.OK
                                && result.copies() == 0
                        ? new Frame.Unseen(result.call(), Failure.OVERLOADED, "planted")
                        : frame;
            }
        };
    }

    /** As a server that forgets what it was asked. */
    static Tampering repeatsSilently() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                if (frame instanceof Frame.Ask ask) {
                    RequestId other = new RequestId(ask.id().origin(), ask.id().sequence() + OTHER);
                    Frame.Ask again =
                            new Frame.Ask(
                                    ask.service(),
                                    ask.call(),
                                    other,
                                    ask.timeoutMillis(),
                                    ask.verb(),
                                    ask.key(),
                                    ask.body(),
                                    ask.headers());
                    by.asked(from, again);
                }
                return frame;
            }
        };
    }

    /** A caller that asks again forgets for whom. */
    static Tampering forgetsWhoCalls() {
        Set<RequestId> asked = new HashSet<>();
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Ask ask && !asked.add(ask.id())
                        ? ask.with(Extensions.NONE)
                        : frame;
            }
        };
    }

    static Tampering answersWhatItRefuses() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Unseen unseen
                        ? new Frame.Result(
                                unseen.call(),
                                Outcome.OK,
                                null,
                                "",
                                LogPosition.START,
                                0,
                                false,
                                Payload.NULL)
                        : frame;
            }
        };
    }

    /** As a server that leaves it to its callers which version it serves. */
    static Tampering runsForOtherVersions() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                return frame instanceof Frame.Ask ask
                        ? ask.with(ask.extensions().servedAs(""))
                        : frame;
            }
        };
    }

    static Tampering losesRoom() {
        return new Tampering() {
            @Override
            public @Nullable Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Room ? null : frame;
            }
        };
    }
}
