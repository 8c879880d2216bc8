package io.tuli.wire;

import io.tuli.Caller;
import io.tuli.Change;
import io.tuli.Commit;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.arrival.ArrivedCaller;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.Sender;
import io.tuli.log.SourceMark;
import io.tuli.log.Stored;
import io.tuli.log.StoredRun;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.Publication;
import io.tuli.protocol.Route;
import io.tuli.protocol.Snapshot;
import io.tuli.protocol.TunnelFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Frames of every type with anything in them that a frame may hold. */
public final class RandomFrames {
    private static final Edit.Kind[] KINDS = Edit.Kind.values();
    private static final List<String> TEXTS =
            List.of("", "update", "LOGIN", "grüße", "日本", "\u0000", "🦊x", "a".repeat(30));
    private static final List<String> KEYS =
            List.of("u42", "u42.address.city", "a\\.b.c", "x\\\\y", "ключ.🦊", "k".repeat(40));

    private final RandomGenerator random;
    private int groups;
    private final int service;
    private final int partitions;

    RandomFrames(RandomGenerator random) {
        this(random, 0, 0);
    }

    /** Most are about a partition that there is, unless the service is 0. */
    public RandomFrames(RandomGenerator random, int service, int partitions) {
        this.random = random;
        this.service = service;
        this.partitions = partitions;
    }

    /** One frame of each type. */
    List<Frame> ofEachType() {
        return Stream.of(FrameType.values())
                .filter(type -> type != FrameType.KEEP_ALIVE)
                .map(this::of)
                .toList();
    }

    public Frame of(FrameType type) {
        return switch (type) {
            case KEEP_ALIVE -> throw new IllegalArgumentException("no frame");
            case REQUEST -> request();
            case ASK ->
                    new Frame.Ask(
                            service(),
                            call(),
                            id(),
                            natural(),
                            text(),
                            key(),
                            body(),
                            headers(),
                            yesOrNo()
                                    ? Extensions.NONE
                                    : Extensions.NONE
                                            .as(caller())
                                            .opening(yesOrNo() ? opening() : null));
            case CANCEL -> new Frame.Cancel(call());
            case CREDIT -> new Frame.Credit(call(), natural());
            case ACCEPTED -> new Frame.Accepted(random.longs(random.nextInt(4)).toArray());
            case RESULT -> result();
            case REDIRECT -> new Frame.Redirect(call(), epoch());
            case ITEM -> new Frame.Item(call(), offset(), body());
            case END -> new Frame.End(call(), offset(), failure(), text());
            case UNSEEN -> new Frame.Unseen(call(), anyFailure(), text());
            case ROOM -> new Frame.Room(call(), service(), natural());
            case FENCE -> new Frame.Fence(service(), partition(), epoch(), random.nextLong());
            case PROMISE ->
                    new Frame.Promise(service(), partition(), epoch(), position(), position());
            case NOT_YET -> new Frame.NotYet(service(), partition(), epoch(), random.nextLong());
            case STALE -> new Frame.Stale(service(), partition(), epoch());
            case FETCH -> new Frame.Fetch(service(), partition(), epoch(), position(), position());
            case NOT_OWNER -> new Frame.NotOwner(service(), partition(), epoch());
            case APPENDED -> new Frame.Appended(service(), partition(), epoch(), position());
            case DENIED -> new Frame.Denied(service(), text());
            case ROSTER -> new Frame.Roster(body());
            case USES -> new Frame.Uses(body());
            case FETCHED, FOLLOW, APPEND, SNAPSHOT_PART, SNAPSHOT_TAKEN, RECALL, RECALLED ->
                    replication(type);
            case INTEREST ->
                    new Frame.Interest(offset(), offset(), yesOrNo(), yesOrNo(), some(this::item));
            case INTEREST_KNOWN -> new Frame.InterestKnown(offset(), yesOrNo());
            case PUBLISH -> new Frame.Publish(route(), offset(), publication());
            case HEARD -> new Frame.Heard(call(), natural());
            case UNFOLLOW -> new Frame.Unfollow(service(), partition(), epoch());
            case SYNC -> new Frame.Sync(service(), partition(), epoch(), offset());
            case SYNCED -> new Frame.Synced(service(), partition(), epoch(), position());
            case PIECE -> new TunnelFrame.Piece(call(), yesOrNo(), offset(), piece(), body());
            case TAKEN -> new TunnelFrame.Taken(call(), yesOrNo(), offset());
            case CLAIM, GRANT, REVOKE, TOOK -> ofGroup(type);
        };
    }

    private Publication publication() {
        return new Publication(
                service(),
                text(),
                body(),
                yesOrNo() ? 0 : offset(),
                yesOrNo() ? List.of() : List.of("shop", "m" + natural()));
    }

    private Frame ofGroup(FrameType type) {
        return switch (type) {
            case CLAIM ->
                    new GroupFrame.Claim(
                            service(),
                            partition(),
                            epoch(),
                            offset(),
                            "g" + natural(),
                            position(),
                            yesOrNo(),
                            some(this::position),
                            acks());
            case GRANT ->
                    new GroupFrame.Grant(
                            service(),
                            partition(),
                            epoch(),
                            offset(),
                            "g" + natural(),
                            offset(),
                            some(this::position),
                            acks());
            case REVOKE ->
                    new GroupFrame.Revoke(service(), partition(), epoch(), offset(), 0, text());
            default ->
                    new GroupFrame.Took(
                            service(),
                            partition(),
                            epoch(),
                            offset(),
                            1,
                            some(this::position),
                            acks());
        };
    }

    private Extras.Acks acks() {
        return yesOrNo()
                ? Extras.Acks.NONE
                : new Extras.Acks(some(this::ack), some(this::rejected), some(this::place));
    }

    private Extras.Mark ack() {
        return new Extras.Mark(position(), natural(), offset(), offset());
    }

    private LogPosition place() {
        return LogPosition.within(epoch(), offset(), natural());
    }

    private Extras.Rejected rejected() {
        return new Extras.Rejected(
                place(),
                natural(),
                offset(),
                offset(),
                text(),
                Change.Kind.values()[random.nextInt(Change.Kind.values().length)],
                yesOrNo() ? key() : Key.NONE,
                "e" + natural(),
                body());
    }

    private TunnelFrame.Part piece() {
        return TunnelFrame.Part.values()[random.nextInt(TunnelFrame.Part.values().length)];
    }

    private Extensions.Opening opening() {
        return new Extensions.Opening(
                1 + random.nextInt(Extensions.Opening.WINDOW_MOST),
                1 + random.nextLong(Extensions.Opening.LASTS_MOST));
    }

    private Frame replication(FrameType type) {
        int service = service();
        int partition = partition();
        Epoch epoch = epoch();
        LogPosition at = position();
        return switch (type) {
            case FETCHED ->
                    new Frame.Fetched(
                            service,
                            partition,
                            epoch,
                            at,
                            position(),
                            Entries.of(entries()),
                            yesOrNo());
            case FOLLOW -> new Frame.Follow(service, partition, epoch, at, position(), yesOrNo());
            case APPEND ->
                    new Frame.Append(
                            service, partition, epoch, at, offset(), Entries.of(entries()));
            case SNAPSHOT_PART ->
                    new Frame.SnapshotPart(
                            service, partition, epoch, at, natural(), yesOrNo(), snapshot());
            case RECALL ->
                    new Frame.Recall(
                            service, partition, epoch, some(this::position), offset(), offset());
            case RECALLED ->
                    new Frame.Recalled(
                            service,
                            partition,
                            epoch,
                            offset(),
                            offset(),
                            yesOrNo(),
                            Entries.of(entries()));
            default -> new Frame.SnapshotTaken(service, partition, epoch, at, natural());
        };
    }

    private InterestItem item() {
        return new InterestItem(service(), text(), text(), yesOrNo(), natural());
    }

    private Route route() {
        Route.Origin origin =
                yesOrNo()
                        ? new Route.Origin(
                                new MemberId(random.nextLong(), random.nextLong()), offset())
                        : null;
        long call = yesOrNo() ? call() : 0;
        return new Route(part(), part(), origin, call, call == 0 ? 0 : natural());
    }

    private Route.Part part() {
        return new Route.Part(yesOrNo(), some(this::text));
    }

    private Frame request() {
        return new Frame.Request(
                service(),
                partition(),
                call(),
                id(),
                natural(),
                natural(),
                random.nextBoolean()
                        ? new Commit(random.nextInt(128))
                        : Commit.disks(random.nextInt(1, 128)),
                text(),
                yesOrNo() ? key() : Key.NONE,
                body(),
                headers(),
                yesOrNo()
                        ? Extensions.NONE
                        : new Extensions(
                                some(),
                                random.nextLong(Extensions.UNSAID, Edit.UNTIL_MAX),
                                yesOrNo() ? caller() : null,
                                yesOrNo() ? "" : ">=2." + natural()));
    }

    private @Nullable LogPosition some() {
        return yesOrNo() ? position() : null;
    }

    /** As one that a link has brought. */
    private Caller caller() {
        Map<String, Object> claims = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            claims.put(text(), yesOrNo() ? text() : random.nextLong());
        }
        ArrivedCaller said = Caller.of("rest", text(), claims).carried();
        return Caller.arrived(new ArrivedCaller(said.provider(), said.user(), said.claims(), true));
    }

    private Frame result() {
        return new Frame.Result(
                call(),
                Outcome.values()[random.nextInt(Outcome.values().length)],
                failure(),
                text(),
                position(),
                natural(),
                natural(),
                yesOrNo(),
                body());
    }

    private List<Entry> entries() {
        return some(this::entry);
    }

    private Entry entry() {
        RequestId id = id();
        List<Edit> edits = some(this::edit);
        long caller = Sender.isApart(id) ? random.nextLong() : id.origin();
        return new Entry(
                epoch(),
                offset(),
                random.nextLong(),
                id,
                caller,
                id.isNone() ? 0 : random.nextLong(),
                edits,
                body(),
                some(this::mark),
                yesOrNo() ? Extras.NONE : yesOrNo() ? extras(edits) : Extras.of(group()));
    }

    private GroupPlace group() {
        return new GroupPlace(
                "g" + groups++,
                random.nextLong(),
                offset(),
                offset(),
                some(this::position),
                acks());
    }

    private Extras extras(List<Edit> edits) {
        Extras extras = Extras.of(key(), some(this::event));
        List<Payload> before = edits.stream().map(edit -> body()).toList();
        return yesOrNo() ? extras.before(before) : extras.merged(before, yesOrNo());
    }

    private Extras.Event event() {
        List<String> channels = some(() -> "c" + random.nextInt(100));
        return new Extras.Event("e" + random.nextInt(100), body(), channels);
    }

    private Snapshot.Reply reply() {
        long time = random.nextLong();
        return new Snapshot.Reply(
                id(), random.nextLong(), random.nextLong(), offset(), time, body());
    }

    private Edit edit() {
        return new Edit(KINDS[random.nextInt(KINDS.length)], key(), body(), until());
    }

    private long until() {
        return yesOrNo() ? Edit.NEVER : 1 + random.nextLong(Edit.UNTIL_MAX);
    }

    private SourceMark mark() {
        int step = yesOrNo() ? SourceMark.ALL : 1 + random.nextInt(1000);
        return new SourceMark(service(), natural(), position(), step);
    }

    private List<StoredRun> documents() {
        List<StoredRun.Document> documents =
                some(
                        () ->
                                new StoredRun.Document(
                                        text(),
                                        new Stored(body(), offset(), random.nextLong(), until())));
        return documents.isEmpty() ? List.of() : List.of(StoredRun.of(documents));
    }

    private List<Entries> tail() {
        List<Entry> tail = entries();
        return tail.isEmpty() ? List.of() : List.of(Entries.of(tail));
    }

    private Snapshot snapshot() {
        return new Snapshot(
                documents(),
                some(this::reply),
                some(this::mark),
                some(this::position),
                tail(),
                some(this::group));
    }

    private <T> List<T> some(Supplier<T> one) {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> one.get()).toList();
    }

    private SortedMap<String, String> headers() {
        SortedMap<String, String> headers = new TreeMap<>();
        some(this::text).forEach(name -> headers.put(name, text()));
        return headers;
    }

    private Payload body() {
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        return switch (random.nextInt(3)) {
            case 0 -> Payload.NONE;
            case 1 -> Payload.json("{\"delay\":" + random.nextInt() + "}");
            default -> Payload.opaque(bytes);
        };
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private Key key() {
        if (random.nextInt(200) == 0) {
            return Key.parse("long".repeat(1_000));
        }
        return Key.parse(KEYS.get(random.nextInt(KEYS.size())));
    }

    private Failure anyFailure() {
        return Failure.values()[random.nextInt(Failure.values().length)];
    }

    private Failure failure() {
        return yesOrNo() ? null : Failure.values()[random.nextInt(Failure.values().length)];
    }

    private RequestId id() {
        return yesOrNo() ? RequestId.NONE : new RequestId(random.nextLong(), call());
    }

    private Epoch epoch() {
        return yesOrNo() ? Epoch.ZERO : new Epoch(natural(), random.nextLong());
    }

    private LogPosition position() {
        return new LogPosition(epoch(), offset());
    }

    private boolean yesOrNo() {
        return random.nextBoolean();
    }

    private int service() {
        return service != 0 && random.nextInt(8) > 0 ? service : random.nextInt();
    }

    private int partition() {
        return service != 0 && random.nextInt(8) > 0 ? random.nextInt(partitions) : natural();
    }

    private int natural() {
        return random.nextInt() >>> (1 + random.nextInt(31));
    }

    private long offset() {
        return random.nextLong() >>> (1 + random.nextInt(63));
    }

    private long call() {
        return random.nextLong() >>> random.nextInt(64);
    }
}
