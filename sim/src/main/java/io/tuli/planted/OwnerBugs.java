package io.tuli.planted;

import io.tuli.Commit;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.cluster.Hosted;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.cluster.Timeline;
import io.tuli.cluster.World;
import io.tuli.protocol.Frame;
import io.tuli.ring.Ring;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Planted faults of those who own, or want to. */
final class OwnerBugs {

    private OwnerBugs() {}

    static Tampering acknowledgesBeforeReplication() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                return frame instanceof Frame.Request request ? unsafe(request) : frame;
            }

            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Result result && result.outcome() == Outcome.OK
                        ? boasted(result)
                        : frame;
            }
        };
    }

    private static Frame.Request unsafe(Frame.Request request) {
        return new Frame.Request(
                request.service(),
                request.partition(),
                request.call(),
                request.id(),
                request.attempt(),
                request.timeoutMillis(),
                Commit.owner(),
                request.verb(),
                request.key(),
                request.body(),
                request.headers(),
                request.extensions());
    }

    private static Frame.Result boasted(Frame.Result result) {
        return new Frame.Result(
                result.call(),
                result.outcome(),
                result.failure(),
                result.detail(),
                result.position(),
                Math.max(2, result.copies()),
                result.disks(),
                result.streams(),
                result.body());
    }

    static Tampering tellsOnlyThatItRefused() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Result result && result.failure() != null
                        ? withoutBody(result)
                        : frame;
            }
        };
    }

    private static Frame.Result withoutBody(Frame.Result result) {
        return new Frame.Result(
                result.call(),
                result.outcome(),
                result.failure(),
                result.detail(),
                result.position(),
                result.copies(),
                result.disks(),
                result.streams(),
                Payload.NONE);
    }

    static Tampering losesRepliesOnAMove(World world) {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                if (!(frame instanceof Frame.Request request) || !by.replica(request).isOwner()) {
                    return frame;
                }
                Hosted hosted = by.required(request.service());
                LogPosition at =
                        world.invariants().executedAt(hosted, request.partition(), request.id());
                boolean isForgotten = at != null && !at.epoch().equals(by.replica(request).epoch());
                RequestId id = request.id();
                return isForgotten
                        ? request.named(new RequestId(id.origin(), -id.sequence()))
                        : frame;
            }
        };
    }

    /** As if whoever follows were a server, whose copy and word count. */
    private static Frame counting(Frame frame) {
        return frame instanceof Frame.Follow follow
                ? new Frame.Follow(
                        follow.service(),
                        follow.partition(),
                        follow.promised(),
                        follow.end(),
                        follow.committed(),
                        true)
                : frame;
    }

    static Tampering believesClients() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                return counting(frame);
            }
        };
    }

    static Tampering leavesWithoutHandingOver() {
        return new Tampering() {
            @Override
            public boolean mayGo(boolean isHandedOver) {
                return true;
            }
        };
    }

    /** The one not asked seems to have promised, and to have nothing. */
    static Tampering forgetsWhatItPromised() {
        return new Tampering() {
            @Override
            public boolean forgetsPromises() {
                return true;
            }
        };
    }

    static Tampering doesNotFenceOne(World world) {
        return new Tampering() {
            @Override
            public @Nullable Frame sent(Peer from, MemberId to, Frame frame) {
                if (!(frame instanceof Frame.Fence fence) || !to.equals(another(from, fence))) {
                    return frame;
                }
                Frame.Promise promise =
                        new Frame.Promise(
                                fence.service(),
                                fence.partition(),
                                fence.epoch(),
                                LogPosition.START,
                                LogPosition.START);
                world.timeline().after(Timeline.MILLI, () -> from.received(to, promise));
                return null;
            }
        };
    }

    /** A client is sent what is not committed yet, and its acknowledgement counts. */
    static Tampering countsClientsAsCopies(World world) {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return counting(frame);
            }

            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                if (frame instanceof Frame.Appended appended && !isServer(by, from, appended)) {
                    MemberId server = another(by, appended);
                    if (server != null) {
                        world.timeline().after(0, () -> by.received(server, appended));
                    }
                }
                return frame;
            }
        };
    }

    private static boolean isServer(Peer by, MemberId member, Frame.OfPartition frame) {
        Ring ring = by.ring(frame);
        return ring.contains(member) || ring.leaving().contains(member);
    }

    /** A server of the ring other than this one. */
    private static @Nullable MemberId another(Peer than, Frame.OfPartition frame) {
        List<MemberId> servers = than.ring(frame).servers();
        return servers.stream().filter(id -> !id.equals(than.id())).findFirst().orElse(null);
    }
}
