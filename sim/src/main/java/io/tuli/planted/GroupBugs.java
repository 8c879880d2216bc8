package io.tuli.planted;

import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.log.Extras.Acks;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.Input;
import io.tuli.protocol.Observer.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Planted faults in groups of readers. */
final class GroupBugs {

    private GroupBugs() {}

    static Tampering saysMoreThanIsConsumed() {
        return new Tampering() {
            @Override
            public Input stepped(Input input) {
                return input instanceof Input.ReaderTook took
                        ? new Input.ReaderTook(
                                took.service(),
                                took.partition(),
                                took.reader(),
                                took.places().stream().map(GroupBugs::later).toList(),
                                took.acks(),
                                took.isStopped())
                        : input;
            }
        };
    }

    private static LogPosition later(LogPosition place) {
        return new LogPosition(place.epoch(), place.offset() + 1);
    }

    static Tampering readsOnWhenRevoked() {
        return new Tampering() {
            @Override
            public @Nullable Reading told(Reading told) {
                return told instanceof Reading.Revoked ? null : told;
            }
        };
    }

    static Tampering forgetsWhatWasConsumed() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof GroupFrame.Grant grant
                        ? new GroupFrame.Grant(
                                grant.service(),
                                grant.partition(),
                                grant.epoch(),
                                grant.reader(),
                                grant.group(),
                                grant.offset(),
                                List.of(),
                                Acks.NONE)
                        : frame;
            }
        };
    }
}
