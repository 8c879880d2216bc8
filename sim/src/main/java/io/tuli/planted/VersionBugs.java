package io.tuli.planted;

import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.cluster.Hosted;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.log.Stored;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.replica.Replica;

/** Planted faults of those who look at versions of documents. */
final class VersionBugs {

    private VersionBugs() {}

    /** What demands the committed version demands nothing any more. */
    static Tampering decidesByCommittedVersions() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                return frame instanceof Frame.Request request && isOfCommitted(by, request)
                        ? request.with(Extensions.NONE)
                        : frame;
            }
        };
    }

    private static boolean isOfCommitted(Peer by, Frame.Request request) {
        LogPosition demanded = request.extensions().version();
        Replica owner = by.replica(request);
        Hosted hosted = by.required(request.service());
        Stored stored = hosted.states.get(request.partition()).get(request.key().top());
        LogPosition version =
                stored == null
                        ? LogPosition.START
                        : owner.log().lineage().positionAfter(stored.offset());
        return demanded != null && owner.isOwner() && version.equals(demanded);
    }
}
