package io.tuli.swarm;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Receipt;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Verbs;
import io.tuli.bytes.MalformedException;
import io.tuli.call.CallSpec;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterCall;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.ClusterService;
import io.tuli.cluster.Hosted;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Timeline;
import io.tuli.error.Excerpt;
import io.tuli.hostile.OddFrames;
import io.tuli.hostile.OddRequest;
import io.tuli.hostile.OddRequests;
import io.tuli.hostile.OddServices;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InvalidFrameException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends what nobody meant, from its seed: through the API of any member, and as frames of a client
 * that keeps to no rule, to a service whose own code throws whatever it likes. Nobody else may
 * notice: no member ends, each request has an outcome and that is what happened, other keys are
 * answered, replicas are equal, and what was accepted can be read. One thread.
 */
final class Adversary {

    private static final long SALT = 0x0dd_0dd_0ddL;

    private static final Set<String> ALWAYS_CHANGE = Set.of(Verbs.UPDATE, Verbs.ADD, Verbs.PUSH);
    private static final int AGAIN_AMONG = 16;
    private static final int LIES_AT_ONCE = 4;

    /** Nobody else's incarnation is so low. */
    private static final long LIAR = 7;

    private static final long AGAIN_NANOS = 3_000 * Timeline.MILLI;
    private static final long PATIENCE_NANOS = 8_000 * Timeline.MILLI;
    private static final int DETAIL_CHARS_MAX = 1_000;

    private final Cluster cluster;
    private final SplittableRandom random;
    private final OddRequests requests;
    private final OddFrames frames;
    private final ServiceConfig<?> service;
    private final @Nullable ServiceConfig<Object> folding;
    private final Bystanders bystanders;
    private final boolean isCalm;
    private final boolean hasALiar;
    private final List<Sent> sent = new ArrayList<>();
    private @Nullable ClusterMember stranger;
    private @Nullable Rogue liar;

    /** A request that was sent, and what became of it. */
    private record Sent(OddRequest request, ClusterCall<Object> call, long atNanos) {

        @Override
        public String toString() {
            return call + " " + Excerpt.detail(request.toString());
        }
    }

    Adversary(Cluster cluster, SwarmPlan plan) {
        this.cluster = cluster;
        this.random = new SplittableRandom(plan.seed() * 31 ^ SALT);
        this.requests = new OddRequests(random.split(), plan.limits());
        this.frames = new OddFrames(random.split());
        this.service = OddServices.serving(random, 1 + random.nextInt(4));
        this.folding = plan.foldedInto() == 0 ? null : OddServices.folding(1 + random.nextInt(4));
        this.isCalm = plan.faults().isEmpty();
        // Drawn apart: seeds that do without it are what they were before there was one.
        this.hasALiar = new SplittableRandom(plan.seed() ^ SALT).nextInt(3) == 0;
        this.bystanders = new Bystanders(cluster, service, isCalm);
    }

    /** All members serve or use what it mistreats, and it joins as one more client. */
    void join() {
        cluster.everywhere(service);
        if (folding != null) {
            cluster.everywhere(folding);
        }
        ClusterMember client = cluster.client();
        stranger = client;
        admit(client.id());
        if (hasALiar) {
            MemberId id = new MemberId(random.nextLong(), LIAR);
            liar = new Rogue(cluster.world(), id, random.split());
            admit(id);
        }
    }

    private void admit(MemberId hostile) {
        cluster.world().invariants().admit(hostile, (by, why) -> refused(by, hostile, why));
    }

    /** The end of a link that has brought what no honest member sends. */
    private void refused(Peer by, MemberId hostile, InvalidFrameException why) {
        cluster.world().tell(() -> by + " refuses a frame: " + why.getMessage());
        cluster.world().network().reset(by.id(), hostile);
    }

    /** All have met, where that is to be waited for: from then on nothing is wrong. */
    void begin(Duration within) {
        if (isCalm) {
            cluster.awaitConvergence(within);
        }
    }

    // ---- sending -------------------------------------------------------------------------------

    /** Something odd, and something of bystanders. */
    void act() {
        ClusterMember client = Objects.requireNonNull(stranger);
        List<ClusterMember> honest = new ArrayList<>(cluster.members());
        honest.remove(client);
        bystanders.act(honest, random);
        lie();
        OddRequest request = next();
        boolean isByStranger = client.isAlive() && random.nextInt(3) == 0;
        if (isByStranger && random.nextInt(3) == 0) {
            speak(client);
        }
        ClusterMember from = isByStranger ? client : Fault.any(cluster.members(), random);
        try {
            ClusterCall<Object> call =
                    isByStranger
                            ? smuggled(client, request)
                            : from.service(service).send(request.message(), Object.class);
            sent.add(new Sent(request.named(call.id()), call, cluster.world().nowNanos()));
            cluster.world().timeline().after(PATIENCE_NANOS, () -> giveUp(call));
        } catch (TuliException | IllegalArgumentException | MalformedException refused) {
            cluster.world().tell(() -> from + " may not send: " + refused.getMessage());
        }
    }

    /** A new one, or one of the latest again. */
    private OddRequest next() {
        int among = Math.min(AGAIN_AMONG, sent.size());
        if (among > 0 && random.nextInt(5) == 0) {
            Sent first = sent.get(sent.size() - 1 - random.nextInt(among));
            if (cluster.world().nowNanos() - first.atNanos < AGAIN_NANOS
                    && !first.call.id().isNone()) {
                return requests.again(first.request);
            }
        }
        return requests.next();
    }

    /** Some would wait for days. */
    private static void giveUp(ClusterCall<?> call) {
        if (!call.isEnded() && call.from().isAlive()) {
            call.cancel();
        }
    }

    /** Sent without a look at the rules, as far as a frame can hold it. */
    private ClusterCall<Object> smuggled(ClusterMember client, OddRequest request) {
        ClusterService<?> there = client.service(service);
        Payload body =
                request.body() instanceof Payload payload
                        ? payload
                        : cluster.world().codec().encode(request.body());
        RequestId id =
                request.id().isNone() && random.nextBoolean()
                        ? new RequestId(client.id().incarnation(), client.nextRequest())
                        : request.id();
        CallSpec wish =
                new CallSpec(
                        there.hosted().number(),
                        null,
                        id,
                        true,
                        random.nextBoolean(),
                        false,
                        cluster.world().nowNanos() + 1 + random.nextLong(PATIENCE_NANOS),
                        request.commit(),
                        request.verb(),
                        Key.parse(request.key()),
                        body,
                        request.headers(),
                        oddExtensions());
        cluster.world().network().requireFrame(request(wish));
        return there.start(wish, Object.class);
    }

    /** As long as it may become. */
    private static Frame request(CallSpec wish) {
        return new Frame.Request(
                wish.service(),
                0,
                Long.MAX_VALUE,
                wish.id(),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                wish.commit(),
                wish.verb(),
                wish.key(),
                wish.body(),
                wish.headers(),
                wish.extensions());
    }

    /** Now and then a version that was never anybody's, or a time to live. */
    private Extensions oddExtensions() {
        Epoch epoch = new Epoch(random.nextInt(4), random.nextLong());
        LogPosition version = new LogPosition(epoch, random.nextLong(1L << random.nextInt(63)));
        return switch (random.nextInt(8)) {
            case 0 -> Extensions.of(version);
            case 1 -> new Extensions(null, random.nextLong(1L << random.nextInt(47)), null);
            default -> Extensions.NONE;
        };
    }

    /** Some frames of a server that serves none of it, to any member. */
    private void lie() {
        Rogue rogue = liar;
        if (rogue != null) {
            for (int i = random.nextInt(LIES_AT_ONCE); i > 0; i--) {
                ClusterMember to = Fault.any(cluster.members(), random);
                List<Hosted> services = List.copyOf(to.services());
                Hosted about = services.get(random.nextInt(services.size()));
                if (!about.spec.isStateless()) {
                    rogue.lie(to.id(), about);
                }
            }
        }
    }

    /** A frame that is no request, to a server; while the power is off there is none. */
    private void speak(ClusterMember client) {
        if (cluster.servers().isEmpty()) {
            return;
        }
        Hosted hosted = client.service(service).hosted();
        int partition = random.nextInt(hosted.spec.partitions());
        MemberId to = Fault.any(cluster.servers(), random).id();
        cluster.world()
                .network()
                .send(
                        client.id(),
                        to,
                        frames.next(
                                hosted.number(),
                                partition,
                                hosted.replicas.get(partition).log().end()));
    }

    // ---- judging -------------------------------------------------------------------------------

    boolean isEnded() {
        return bystanders.isEnded()
                && sent.stream()
                        .allMatch(each -> each.call.isEnded() || !each.call.from().isAlive());
    }

    boolean isFolded() {
        return folding == null || bystanders.isFolded(folding);
    }

    /** The first promise broken, in words; null if all are kept. */
    @Nullable String breach() {
        for (Sent each : sent) {
            String breach = breach(each);
            if (breach != null) {
                return breach + ": " + each;
            }
        }
        String unread = unreadable();
        return unread == null ? bystanders.breach() : unread;
    }

    private @Nullable String breach(Sent each) {
        ClusterCall<Object> call = each.call;
        if (call.isEnded() && call.outcome() != Outcome.OK && !isTold(call)) {
            return "what fails says why, in at most " + DETAIL_CHARS_MAX + " characters";
        }
        if (isOneOfTwo(each)) {
            return "two requests of one id were told OK";
        }
        boolean mustBeThere =
                isLasting(call)
                        && ALWAYS_CHANGE.contains(each.request.verb())
                        && !call.id().isNone()
                        && !cluster.world().maySplit();
        return mustBeThere && !isCommitted(call) ? "what was told OK is not where it says" : null;
    }

    /**
     * Whether another request of its id was executed, too, or answered in its name. Another
     * partition, or the other side of a split, knows nothing of the first; and what changed nothing
     * is not remembered, nor is what only reads.
     */
    private boolean isOneOfTwo(Sent each) {
        return isLasting(each.call)
                && isCommitted(each.call)
                && !each.request.isRead()
                && !cluster.world().maySplit()
                && !each.call.id().isNone()
                && sent.stream()
                        .filter(other -> other.call.id().equals(each.call.id()))
                        .anyMatch(
                                other ->
                                        isLasting(other.call)
                                                && !other.request.isRead()
                                                && isCommitted(other.call)
                                                && isInOnePartition(each.call, other.call)
                                                && !other.request.isLike(each.request));
    }

    private static boolean isInOnePartition(ClusterCall<?> one, ClusterCall<?> other) {
        return Objects.requireNonNull(one.receipt()).partition()
                == Objects.requireNonNull(other.receipt()).partition();
    }

    private static boolean isTold(ClusterCall<?> call) {
        return !call.detail().isBlank() && call.detail().length() <= DETAIL_CHARS_MAX;
    }

    private static boolean isLasting(ClusterCall<?> call) {
        Receipt receipt = call.receipt();
        return call.outcome() == Outcome.OK
                && receipt != null
                && (receipt.copies() > 1 || call.commit().copies() == Commit.SAFE);
    }

    private boolean isCommitted(ClusterCall<?> call) {
        Receipt receipt = Objects.requireNonNull(call.receipt());
        Hosted hosted = cluster.members().get(0).service(service).hosted();
        io.tuli.LogPosition at =
                cluster.world().invariants().executedAt(hosted, receipt.partition(), call.id());
        return at != null && at.offset() == receipt.position().offset();
    }

    /** What of any member's documents cannot be read: by its key, as JSON, or as its type. */
    private @Nullable String unreadable() {
        for (ClusterMember member : cluster.members()) {
            for (Hosted hosted : member.services()) {
                try {
                    hosted.states.forEach(
                            state ->
                                    state.forEach(
                                            (key, stored) -> {
                                                cluster.world()
                                                        .codec()
                                                        .requireValid(
                                                                Key.of(key), stored.document());
                                                Object unused =
                                                        cluster.world()
                                                                .codec()
                                                                .decode(
                                                                        stored.document(),
                                                                        Object.class);
                                            }));
                    if (!cluster.world().maySplit()) {
                        Object unused = member.service(hosted.config).state();
                    }
                } catch (TuliException | IllegalArgumentException refused) {
                    return "what was accepted can be read: " + hosted.config + " " + refused;
                }
            }
        }
        return null;
    }
}
