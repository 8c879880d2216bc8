package io.tuli.swarm;

import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.call.Choice;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Timeline;
import io.tuli.passage.OpenedTunnel;
import io.tuli.passage.SimTunnel;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.TunnelFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tunnels between members, whatever else goes on. P7: each end receives what the other has sent, in
 * order, whole, from the beginning; all of it where both have finished; no end holds more than its
 * window; and when all is over nothing is left of any. One thread.
 */
final class TunnelCalls {

    private static final long SALT = 0x70e11e15L;

    /** Of so many seeds one opens tunnels, one in so many writes. */
    private static final int SEEDS = 4;

    private static final int EVERY = 10;

    private static final int WINDOW_BYTES = 24_000;
    private static final int MESSAGE_MOST = 60_000;
    private static final int MESSAGES_MOST = 6;
    private static final long STEP_MILLIS = 12;

    /** An end does something unfriendly one time in so many steps. */
    private static final int SELDOM = 40;

    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final boolean isMade;
    private final SplittableRandom random;
    private final ServiceConfig<Void> service;
    private final List<Talk> talks = new ArrayList<>();
    private int writes;
    private @Nullable String mistaken;

    TunnelCalls(Cluster cluster, SwarmPlan plan) {
        this.cluster = cluster;
        this.random = new SplittableRandom(plan.seed() ^ SALT);
        this.isMade = random.nextInt(SEEDS) == 0 && !plan.isDurable();
        this.service =
                ServiceConfig.stateless("tunnels")
                        .capacity(1 + random.nextInt(4))
                        .queue(random.nextInt(3));
    }

    void begin() {
        if (isMade) {
            cluster.everywhere(service);
            cluster.world()
                    .tunnels(
                            (at, ask, tunnel) -> {
                                Integer number =
                                        cluster.world().codec().decode(ask.body(), Integer.class);
                                talks.get(Objects.requireNonNull(number)).served(at, tunnel);
                            });
        }
    }

    /** Somebody has written: now and then some open tunnels, too. */
    void wrote() {
        if (isMade && ++writes % EVERY == 0) {
            List<ClusterMember> members = cluster.members();
            Talk talk = new Talk(members.get(random.nextInt(members.size())), talks.size());
            talks.add(talk);
            talk.open();
        }
    }

    /** All are over; what is left of one where a member has ended is nobody's. */
    boolean isEnded() {
        return talks.stream().allMatch(Talk::isEnded) && left().isEmpty();
    }

    /** What is left of some tunnel; empty where nothing is. */
    private String left() {
        for (ClusterMember member : cluster.members()) {
            if (member.tunnels().open() > 0) {
                return member + " " + member.tunnels().anyOpen();
            }
        }
        return "";
    }

    /** What is not as promised; null if all is. */
    @Nullable String breach() {
        if (mistaken == null && !left().isEmpty()) {
            return "P7 nothing is left of a tunnel: " + left();
        }
        return mistaken;
    }

    private void mistaken(String what, Object facts) {
        if (mistaken == null) {
            mistaken = "P7 " + what + ": " + facts;
        }
    }

    /** One tunnel, and what both ends say. */
    private final class Talk {
        private final ClusterMember from;
        private final int number;
        private final List<byte[]> fromOpener = new ArrayList<>();
        private final List<byte[]> fromServer = new ArrayList<>();
        private @Nullable OpenedTunnel call;

        /** Twice where its message has run at two servers. */
        private int timesServed;

        Talk(ClusterMember from, int number) {
            this.from = from;
            this.number = number;
        }

        void open() {
            call =
                    from.service(service)
                            .open(
                                    Message.of("OPEN", number).within(WITHIN).atMostOnce(),
                                    Choice.ANY,
                                    new Extensions.Opening(WINDOW_BYTES, WITHIN.toMillis()),
                                    tunnel ->
                                            new Speaker(tunnel, fromOpener, fromServer, from)
                                                    .begin());
        }

        void served(Peer at, SimTunnel tunnel) {
            timesServed++;
            if (timesServed > 1) {
                mistaken("a tunnel is opened once", number);
            }
            new Speaker(tunnel, fromServer, fromOpener, at).begin();
        }

        boolean isEnded() {
            OpenedTunnel opened = call;
            return opened == null || opened.hasEnded() || !from.isAlive();
        }
    }

    /** Has one end: sends and takes when it likes. */
    private final class Speaker {
        private final SimTunnel tunnel;
        private final List<byte[]> says;
        private final List<byte[]> hears;
        private final Peer at;
        private final int messages = random.nextInt(MESSAGES_MOST);

        /** Leaves before both have finished. */
        private final boolean isRestless = random.nextInt(4) == 0;

        private byte[] message = new byte[0];
        private byte[] coming = new byte[0];
        private int left;
        private int said;
        private int heard;
        private boolean isSending;
        private boolean hasFinished;

        Speaker(SimTunnel tunnel, List<byte[]> says, List<byte[]> hears, Peer at) {
            this.tunnel = tunnel;
            this.says = says;
            this.hears = hears;
            this.at = at;
        }

        void begin() {
            long nanos = random.nextLong(STEP_MILLIS * Timeline.MILLI);
            cluster.world()
                    .timeline()
                    .after(
                            nanos,
                            () -> {
                                at.aside(this::step);
                                if (!tunnel.isOver() && at.isAlive()) {
                                    begin();
                                }
                            });
        }

        private void step() {
            if (tunnel.heldCost() > WINDOW_BYTES) {
                mistaken("an end holds no more than its window", tunnel);
            }
            take();
            if (tunnel.isOver()) {
                return;
            }
            if (random.nextInt(SELDOM) == 0) {
                unfriendly();
            } else {
                speak();
            }
            if (tunnel.isDone()) {
                if (heard != hears.size()) {
                    mistaken("all of it is received where both have finished", tunnel);
                }
                tunnel.leave("done");
            }
        }

        /** Gives something up, or everything. */
        private void unfriendly() {
            if (isSending && random.nextBoolean()) {
                tunnel.giveUp();
                isSending = false;
                says.removeLast();
            } else if (isRestless) {
                tunnel.leave("as it likes");
            }
        }

        private void speak() {
            if (hasFinished) {
                return;
            }
            if (isSending) {
                left = tunnel.send(message, left);
                isSending = left > 0;
            } else if (said == messages) {
                hasFinished = true;
                tunnel.finish();
            } else {
                said++;
                message = new byte[1 + random.nextInt(MESSAGE_MOST)];
                random.nextBytes(message);
                says.add(message);
                left = message.length;
                isSending = true;
            }
        }

        private void take() {
            int most = random.nextInt(3);
            for (int i = 0; i < most; i++) {
                TunnelFrame.Piece piece = tunnel.take();
                if (piece == null) {
                    return;
                }
                switch (piece.part()) {
                    case MORE -> joins(piece);
                    case LAST -> {
                        joins(piece);
                        whole();
                    }
                    case GIVEN_UP, FINISH -> coming = new byte[0];
                }
            }
        }

        private void joins(TunnelFrame.Piece piece) {
            byte[] bytes = piece.content().bytes();
            byte[] more = Arrays.copyOf(coming, coming.length + bytes.length);
            System.arraycopy(bytes, 0, more, coming.length, bytes.length);
            coming = more;
        }

        private void whole() {
            boolean isRight = heard < hears.size() && Arrays.equals(coming, hears.get(heard));
            if (!isRight) {
                mistaken("what is received is what was sent, in order", tunnel);
            }
            heard++;
            coming = new byte[0];
        }
    }
}
