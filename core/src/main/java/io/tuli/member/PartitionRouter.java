package io.tuli.member;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.error.Require;
import io.tuli.log.Documents;
import io.tuli.log.PartitionState;
import io.tuli.machine.CoreContext;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.Input;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.Outbox;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Thrown;
import io.tuli.replica.Keeping;
import io.tuli.replica.KeptPartition;
import io.tuli.replica.Replica;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What one member decides, deterministically, about the partitions of one loop. No I/O, threads,
 * clocks or locks: inputs come in through {@link #step}, everything else leaves through {@link
 * Effects}. One thread.
 *
 * <p>After each batch of inputs call {@link #flush}: replication and acknowledgements are gathered
 * until then.
 */
public final class PartitionRouter {

    /** A loop silent for longer may have been declared dead: half of failure detection's time. */
    private static final long PAUSE_NANOS = 2_000_000_000L;

    private static final int TICK_TURNS = 4;

    private static final String FAULT =
            "the partition has stopped on its owner because of a fault while the request was"
                    + " executed, which that member's log tells";

    private static final String FOREIGN =
            "a request's number is of the member that sends it: to repeat a request from elsewhere"
                    + " give it a name";

    private static final String UNNAMED =
            "a request has an id, by which a repeat is recognised: its number, or a name";

    private final CoreContext context;
    private final Map<Integer, ServicePartitions> services = new LinkedHashMap<>();
    private final TouchedPartitions touched = new TouchedPartitions();
    private final FrameCheck check = new FrameCheck();
    private final Keeping.Tickets tickets = new Keeping.Tickets();

    /** Those with something on its way to be kept. */
    private TouchedPartitions unkept = new TouchedPartitions();

    /** The service asked for last, which may not be here: frames come in bursts for one. */
    private int latestService;

    private @Nullable ServicePartitions latest;
    private boolean hasLatest;

    /** What was read ahead, so that it is read: no compiler may leave it out. */
    @SuppressWarnings("UnusedVariable") // nobody reads it
    private int readAhead;

    private int nextTurn;
    private long lastStepNanos;
    private boolean hasStepped;

    public PartitionRouter(MemberId self, Limits limits, Documents documents, Effects effects) {
        this.context = new CoreContext(self, limits, documents, effects);
    }

    /** Begins to hold those partitions of a service that {@code mine} says belong to this loop. */
    public void open(ServiceSpec spec, IntPredicate mine, IntFunction<PartitionState> states) {
        open(spec, mine, states, partition -> null);
    }

    /**
     * The same of a service of which there may be something in this member's journal.
     *
     * @param kept what there is of a partition; null for nothing
     */
    public void open(
            ServiceSpec spec,
            IntPredicate mine,
            IntFunction<PartitionState> states,
            IntFunction<@Nullable KeptPartition> kept) {
        Require.argument(
                !services.containsKey(spec.number()), "a service is opened once", spec.name());
        @Nullable Replica[] replicas = new Replica[spec.partitions()];
        for (int partition = 0; partition < replicas.length; partition++) {
            if (mine.test(partition)) {
                Keeping keeping = spec.isKept() ? keeping(kept.apply(partition)) : null;
                replicas[partition] =
                        new Replica(spec, partition, states.apply(partition), context, keeping);
            }
        }
        services.put(spec.number(), new ServicePartitions(spec, replicas));
        hasLatest = false;
    }

    private Keeping keeping(@Nullable KeptPartition kept) {
        return new Keeping(context.effects().keeper(), tickets, kept);
    }

    /** Forgets a service; what it held is gone. */
    public void close(int service) {
        dispatch();
        ServicePartitions closed = services.remove(service);
        if (closed != null) {
            closed.close();
            hasLatest = false;
        }
    }

    /** The same of one that it may serve again, and has promised much of: that is kept to. */
    public void leave(int service) {
        ServicePartitions left = services.get(service);
        if (left != null && left.spec.isServed()) {
            context.promises().remember(service, left.promised());
        }
        close(service);
    }

    /** One input, at a monotonic time in nanoseconds. */
    public void step(Input input, long now) {
        guardAgainstPause(now);
        if (!(input instanceof Input.Received)) {
            dispatch();
        }
        switch (input) {
            case Input.Received received -> route(received.from(), received.frame(), now);
            case Input.RingChanged changed -> ringChanged(changed, now);
            case Input.Decided decided ->
                    one(
                            decided.service(),
                            decided.partition(),
                            replica -> replica.decided(decided.task(), decided.decision(), now));
            case Input.Folded folded ->
                    one(
                            folded.request().service(),
                            folded.request().partition(),
                            replica -> replica.folded(folded.request(), folded.marks()));
            case Input.Consumed consumed ->
                    one(
                            consumed.service(),
                            consumed.partition(),
                            replica -> replica.consumed(consumed.marks()));
            case Input.OfReader about ->
                    one(about.service(), about.partition(), replica -> replica.read(about, now));
            case Input.Cancelled cancelled -> all(replica -> replica.cancelled(cancelled));
            case Input.LinkUp up -> all(replica -> replica.linkUp(up.member(), now));
            case Input.LinkDown down -> all(replica -> replica.linkDown(down.member()));
            case Input.LinkWritable room -> all(replica -> {}); // each is flushed
            case Input.Kept kept -> kept(kept.ticket(), now);
            case Input.Tick tick -> tick(now);
        }
    }

    /** These members are there now. */
    void members(List<MemberId> present) {
        context.presence().become(present);
    }

    /** As {@link Input.Received}, of which there are very many. */
    public void received(MemberId from, Frame.OfPartition frame, long now) {
        guardAgainstPause(now);
        route(from, frame, now);
    }

    /**
     * These will be received next, one after the other. What a partition keeps lies in some twenty
     * places, most of them in no cache when its turn comes, and one leads to the next. So they are
     * read level by level: the processor waits for many partitions at a time. Nothing changes.
     */
    public void prefetch(List<Frame.OfPartition> frames) {
        Replica[] replicas = new Replica[frames.size()];
        int[] keyHashes = new int[replicas.length];
        int count = 0;
        for (int i = 0; i < replicas.length; i++) {
            Frame.OfPartition frame = frames.get(i);
            ServicePartitions partitions = find(frame.service());
            Replica replica = partitions == null ? null : partitions.at(frame.partition());
            Frame.Request request = frame instanceof Frame.Request each ? each : null;
            boolean isLater =
                    request != null && partitions != null && partitions.isGathered(request);
            if (replica != null && !isLater) {
                keyHashes[count] = request == null ? 0 : request.key().top().hashCode();
                replicas[count++] = replica;
            }
        }
        int read = 0;
        for (int depth = 0; depth < Replica.DEPTHS; depth++) {
            for (int i = 0; i < count; i++) {
                read += replicas[i].prefetch(depth, keyHashes[i]);
            }
        }
        readAhead = read;
    }

    private void route(MemberId from, Frame.OfPartition frame, long now) {
        ServicePartitions partitions = find(frame.service());
        Replica replica = partitions == null ? null : partitions.at(frame.partition());
        if (partitions != null && replica != null) {
            if (!(frame instanceof Frame.Request request)
                    || isDue(from, request, partitions, now)) {
                deliver(replica, from, frame, now);
            }
        } else if (frame instanceof Frame.Request request && partitions == null) {
            context.effects().outbox().send(from, new Frame.Redirect(request.call(), Epoch.ZERO));
        } else if (frame instanceof Frame.Request request) {
            refuse(from, request, FrameCheck.absent(request));
        } else if (partitions == null) {
            answerAbsent(from, frame);
        }
    }

    /** Whoever finds the service not here any more, or not yet, is told so. */
    private void answerAbsent(MemberId from, Frame.OfPartition frame) {
        int service = frame.service();
        int partition = frame.partition();
        Outbox outbox = context.effects().outbox();
        if (frame instanceof Frame.Follow) {
            outbox.send(from, new Frame.NotOwner(service, partition, Epoch.ZERO));
        } else if (frame instanceof Frame.Append append) {
            outbox.send(from, new Frame.Unfollow(service, partition, append.epoch()));
        } else if (frame instanceof Frame.SnapshotPart part) {
            outbox.send(from, new Frame.Unfollow(service, partition, part.epoch()));
        } else if (frame instanceof GroupFrame.Grant grant) {
            outbox.send(from, grant.returned());
        }
    }

    /** Whether the request is to be delivered now, and not refused or gathered. */
    private boolean isDue(
            MemberId from, Frame.Request request, ServicePartitions partitions, long now) {
        if (request.id().isNone()) {
            refuse(from, request, UNNAMED);
            return false;
        }
        if (FrameCheck.isForeign(request.id(), from)) {
            refuse(from, request, FOREIGN);
            return false;
        }
        if (isMisplaced(partitions, request)) {
            refuse(from, request, FrameCheck.misplaced(request));
            return false;
        }
        if (!partitions.isGathered(request)) {
            return true;
        }
        partitions.gathered.add(from, request, now);
        if (partitions.gathered.isFull()) {
            dispatch();
        }
        return false;
    }

    private void deliver(Replica replica, MemberId from, Frame.OfPartition frame, long now) {
        boolean isRequest = frame instanceof Frame.Request;
        if (!isRequest) {
            check.require(frame);
        }
        touch(replica, frame.service(), frame.partition());
        try {
            replica.received(from, frame, now);
        } catch (RuntimeException | Error thrown) {
            if (frame instanceof Frame.Request request && !Thrown.isFatal(thrown)) {
                answer(from, request, Outcome.UNKNOWN, Failure.UNAVAILABLE, FAULT);
            }
            failed(replica, thrown);
        }
    }

    /**
     * The outer wall: what is thrown within a partition stops that partition, and nothing else. A
     * frame that no honest member sends was found before anything changed, and is its link's fault.
     */
    private static void failed(Replica replica, Throwable thrown) {
        if (thrown instanceof InvalidFrameException invalid) {
            throw invalid;
        }
        Thrown.rethrowIfFatal(thrown);
        replica.stop(thrown);
    }

    /** Requests that were gathered meet what other inputs of the batch have left. */
    private void dispatch() {
        for (ServicePartitions partitions : services.values()) {
            if (!partitions.gathered.isEmpty()) {
                partitions.gathered.dispatchTo(
                        (from, request, now) -> {
                            Replica replica = partitions.at(request.partition());
                            if (replica != null) {
                                deliver(replica, from, request, now);
                            }
                        });
            }
        }
    }

    private void ringChanged(Input.RingChanged changed, long now) {
        ServicePartitions partitions = find(changed.service());
        if (partitions != null) {
            partitions.ringChanged(changed.ring());
            each(changed.service(), replica -> replica.ringChanged(changed.ring(), now));
        }
    }

    private @Nullable ServicePartitions find(int service) {
        if (!hasLatest || latestService != service) {
            latest = services.get(service);
            latestService = service;
            hasLatest = true;
        }
        return latest;
    }

    private void touch(Replica replica, int service, int partition) {
        if (replica.touch()) {
            touched.add(service, partition);
        }
    }

    /**
     * A document in another partition than its key's would never be found again. A caller that
     * places keys otherwise than the servers is told so before anything happens.
     */
    private static boolean isMisplaced(ServicePartitions partitions, Frame.Request request) {
        return !request.key().isNone()
                && partitions.spec.partitionOf(request.key().top()) != request.partition();
    }

    private void refuse(MemberId from, Frame.Request request, String detail) {
        answer(from, request, Outcome.FAILED, Failure.BAD_REQUEST, detail);
    }

    private void answer(
            MemberId from, Frame.Request request, Outcome outcome, Failure failure, String detail) {
        context.effects()
                .outbox()
                .send(
                        from,
                        new Frame.Result(
                                request.call(),
                                outcome,
                                failure,
                                detail,
                                LogPosition.START,
                                0,
                                false,
                                Payload.NONE));
    }

    /** The end of a batch of inputs: sends what they gave rise to. */
    public void flush(long now) {
        dispatch();
        for (int i = 0; i < touched.count(); i++) {
            ServicePartitions partitions = find(touched.service(i));
            Replica replica = partitions == null ? null : partitions.at(touched.partition(i));
            if (partitions != null && replica != null) {
                guarded(replica, Replica::flush);
                partitions.wake(touched.partition(i));
                if (replica.listens()) {
                    unkept.add(touched.service(i), touched.partition(i));
                }
            }
        }
        touched.clear();
        long ticket = tickets.next();
        if (ticket > 0) {
            context.effects().keeper().handOver(ticket);
        }
    }

    /**
     * Gives all there is of a partition to be kept anew, so that what was given of it before is
     * needed no more when that is kept. Nothing happens where it is not here, or not durable.
     */
    public void keepAnew(int service, int partition) {
        one(service, partition, Replica::keepAnew);
    }

    private void kept(long ticket, long now) {
        TouchedPartitions before = unkept;
        unkept = new TouchedPartitions();
        for (int i = 0; i < before.count(); i++) {
            int service = before.service(i);
            int partition = before.partition(i);
            one(service, partition, replica -> replica.kept(ticket, now));
            Replica replica = replica(service, partition);
            if (replica != null && replica.listens()) {
                unkept.add(service, partition);
            }
        }
    }

    /**
     * Every fourth partition at each tick: none has anything to do that could not wait so long.
     * Most have nothing to do at all, and are not even looked at.
     */
    private void tick(long now) {
        int turn = nextTurn;
        nextTurn = (turn + 1) % TICK_TURNS;
        context.allowance().renew();
        for (ServicePartitions partitions : services.values()) {
            for (int partition = turn; partition < partitions.count(); partition += TICK_TURNS) {
                Replica replica = partitions.at(partition);
                if (replica != null && partitions.isDue(partition, now)) {
                    tick(partitions, partition, replica, now);
                }
            }
        }
    }

    private void tick(ServicePartitions partitions, int partition, Replica replica, long now) {
        long patience = patienceAfterTick(replica, now);
        partitions.rest(partition, now, patience);
        if (patience == 0 && replica.touch()) {
            touched.add(partitions.spec.number(), partition);
        }
    }

    private static long patienceAfterTick(Replica replica, long now) {
        try {
            return replica.tick(now);
        } catch (RuntimeException | Error thrown) {
            failed(replica, thrown);
            return 0;
        }
    }

    private static void guarded(Replica replica, Consumer<Replica> action) {
        try {
            action.accept(replica);
        } catch (RuntimeException | Error thrown) {
            failed(replica, thrown);
        }
    }

    private void guardAgainstPause(long now) {
        if (hasStepped && now - lastStepNanos > PAUSE_NANOS) {
            all(replica -> replica.pausedTooLong(now));
        }
        hasStepped = true;
        lastStepNanos = now;
    }

    private void one(int service, int partition, Consumer<Replica> action) {
        ServicePartitions partitions = services.get(service);
        Replica replica = partitions == null ? null : partitions.at(partition);
        if (replica != null) {
            touch(replica, service, partition);
            guarded(replica, action);
        }
    }

    private void each(int service, Consumer<Replica> action) {
        ServicePartitions partitions = services.get(service);
        if (partitions != null) {
            for (int partition = 0; partition < partitions.replicas.length; partition++) {
                Replica replica = partitions.at(partition);
                if (replica != null) {
                    touch(replica, service, partition);
                    guarded(replica, action);
                }
            }
        }
    }

    private void all(Consumer<Replica> action) {
        services.keySet().forEach(service -> each(service, action));
    }

    /** A partition of this loop, for reports and feeds; null if it is none. */
    public @Nullable Replica replica(int service, int partition) {
        ServicePartitions partitions = find(service);
        return partitions == null ? null : partitions.at(partition);
    }

    /** What the requests take that wait here. */
    public long heldBytes() {
        return context.held().sum();
    }
}
