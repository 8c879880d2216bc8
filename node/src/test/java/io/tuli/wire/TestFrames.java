package io.tuli.wire;

import io.tuli.Caller;
import io.tuli.Commit;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.arrival.ArrivedCaller;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.log.Extras.Acks;
import io.tuli.log.SourceMark;
import io.tuli.log.Stored;
import io.tuli.log.StoredRun;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.Snapshot;
import io.tuli.protocol.TunnelFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One frame of each type with fixed content: what the golden bytes are of. */
public final class TestFrames {
    private static final int SERVICE = 0x5e551045;
    private static final Epoch EPOCH = new Epoch(3, 0x1122334455667788L);
    private static final LogPosition AT = new LogPosition(EPOCH, 300);
    private static final LogPosition OLD = new LogPosition(new Epoch(2, 0x99), 12);
    private static final RequestId ID = new RequestId(0x0a0b0c0d, 128);
    private static final RequestId NAMED = new RequestId(0x0b0c0d0e, 0x8000000000000001L);
    private static final Payload VALUE = Payload.json("{\"a\":1}");

    private TestFrames() {}

    public static Frame request(String verb, Key key, Payload body) {
        SortedMap<String, String> none = new TreeMap<>();
        return new Frame.Request(
                SERVICE, 7, 9, ID, 0, 20_000, Commit.safe(), verb, key, body, none);
    }

    /** A request that demands a version of its document. */
    static Frame.Request demanding(LogPosition version) {
        return new Frame.Request(
                SERVICE,
                7,
                9,
                ID,
                0,
                20_000,
                Commit.safe(),
                "update",
                Key.of("u42"),
                VALUE,
                new TreeMap<>(),
                Extensions.of(version));
    }

    /** A request for a user of another kind, as it is where it has arrived. */
    static Frame.Request called(LogPosition version) {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("admin", true);
        claims.put("age", -42);
        claims.put("roles", List.of("a", 0.5));
        ArrivedCaller said = Caller.of("rest", "u1", claims).carried();
        Caller caller =
                Caller.arrived(
                        new ArrivedCaller(said.provider(), said.user(), said.claims(), true));
        return demanding(version).with(Extensions.of(version).as(caller));
    }

    static Frame snapshotPart(Payload document) {
        return snapshotPart(new Stored(document, 299, 1L << 40));
    }

    private static Frame snapshotPart(Stored stored) {
        StoredRun.Document one = new StoredRun.Document("u42", stored);
        Snapshot.Reply reply = new Snapshot.Reply(NAMED, 77, 78, 298, 1L << 41, Payload.NULL);
        SourceMark mark = new SourceMark(1, 2, OLD, SourceMark.ALL);
        Snapshot content =
                new Snapshot(
                        List.of(StoredRun.of(List.of(one))),
                        List.of(reply),
                        List.of(mark),
                        List.of(OLD, AT),
                        List.of(Entries.of(List.of(Entry.opening(EPOCH, 299, 1L << 42)))));
        return new Frame.SnapshotPart(SERVICE, 7, EPOCH, AT, 1, true, content);
    }

    /** What has golden bytes: a frame of each type, and one of pushes, one of events. */
    static List<Frame> golden() {
        List<Frame> golden = new ArrayList<>(ofEachType());
        Key list = Key.parse("u42.list");
        List<Edit> edits =
                List.of(
                        new Edit(Edit.Kind.PUSH, list, VALUE),
                        new Edit(Edit.Kind.INSERT, list.child("0"), VALUE));
        Entry entry = new Entry(EPOCH, 300, 1L << 42, ID, edits, Payload.NONE, List.of());
        golden.add(new Frame.Append(SERVICE, 7, EPOCH, AT, 300, Entries.of(List.of(entry))));
        Entry telling =
                new Entry(
                        EPOCH,
                        300,
                        1L << 42,
                        ID,
                        ID.origin(),
                        0x0102030405060708L,
                        List.of(Edit.update(Key.parse("u42"), VALUE)),
                        Payload.json("true"),
                        List.of(),
                        Extras.of(Key.parse("u42"), events()).merged(List.of(Payload.NULL), true));
        golden.add(new Frame.Append(SERVICE, 7, EPOCH, AT, 300, Entries.of(List.of(telling))));
        golden.add(demanding(AT));
        golden.add(demanding(LogPosition.START));
        golden.add(TestPublications.published(false));
        golden.add(TestPublications.published(true));
        golden.add(called(LogPosition.START));
        long until = 1_600_000_000_000L;
        List<Edit> timed =
                List.of(
                        Edit.expire(Key.of("u41")),
                        Edit.update(Key.of("u42"), VALUE).until(until),
                        new Edit(Edit.Kind.TOUCH, Key.of("u43"), Payload.NONE, until));
        Entry expiring = new Entry(EPOCH, 300, 1L << 42, ID, timed, Payload.NONE, List.of());
        golden.add(new Frame.Append(SERVICE, 7, EPOCH, AT, 300, Entries.of(List.of(expiring))));
        golden.add(demanding(LogPosition.START).with(new Extensions(null, 60_000, null)));
        golden.add(snapshotPart(new Stored(VALUE, 299, 1L << 40, until)));
        golden.add(ofVersions(">=2.1 <3"));
        golden.add(opening());
        golden.addAll(ofHandlers());
        return golden;
    }

    /** Those of a tunnel that its handler sends. */
    public static List<Frame> ofHandlers() {
        return List.of(
                new TunnelFrame.Piece(9, true, 300, TunnelFrame.Part.FINISH, Payload.NONE),
                new TunnelFrame.Taken(9, true, 1 << 20));
    }

    private static Frame opening() {
        Frame.Ask plain =
                new Frame.Ask(SERVICE, 9, ID, 1_000, "OPEN", Key.NONE, VALUE, new TreeMap<>());
        return plain.with(Extensions.NONE.opening(new Extensions.Opening(256 << 10, 3_600_000)));
    }

    private static Frame ofVersions(String versions) {
        Frame.Ask plain =
                new Frame.Ask(
                        SERVICE, 9, ID, 1_000, "COUNT", Key.NONE, Payload.NONE, new TreeMap<>());
        return plain.with(Extensions.NONE.servedAs(versions));
    }

    /** One that tells of the edit, one of the reply, one of its own in channels, one of nothing. */
    private static List<Extras.Event> events() {
        return List.of(
                new Extras.Event("patched", VALUE),
                new Extras.Event("said", Payload.json("true")),
                new Extras.Event("reminded", Payload.json("[1,2]"), List.of("eu", "all")),
                new Extras.Event("gone", Payload.NONE));
    }

    public static List<Frame> ofEachType() {
        List<Frame> all = new ArrayList<>(ofPartitionsAndCalls());
        all.addAll(ofGroups());
        all.add(new TunnelFrame.Piece(9, false, 300, TunnelFrame.Part.MORE, VALUE));
        all.add(new TunnelFrame.Taken(9, false, 256 << 10));
        all.addAll(TestPublications.ofEachType());
        return all;
    }

    private static List<Frame> ofPartitionsAndCalls() {
        SortedMap<String, String> headers = new TreeMap<>(Map.of("b", "2", "a", "eins"));
        Key key = Key.parse("u42.address");
        Entry entry =
                new Entry(
                        EPOCH,
                        299,
                        1L << 42,
                        ID,
                        ID.origin(),
                        0x0102030405060708L,
                        List.of(Edit.update(key, VALUE), Edit.remove(Key.parse("u43"))),
                        Payload.opaque(new byte[] {1, 2}),
                        List.of(new SourceMark(5, 6, OLD, 2)));
        Entry opening = Entry.opening(EPOCH, 298, 1L << 42);
        Entry named =
                new Entry(
                        EPOCH,
                        300,
                        1L << 42,
                        NAMED,
                        0x1112131415161718L,
                        0x2122232425262728L,
                        List.of(Edit.remove(Key.parse("u43"))),
                        Payload.NONE,
                        List.of());
        Entries entries = Entries.of(List.of(opening, entry, named));
        return List.of(
                request("update", key, VALUE),
                new Frame.Ask(SERVICE, -1, ID, 1_000, "COUNT", Key.NONE, Payload.NONE, headers),
                new Frame.Cancel(127),
                new Frame.Credit(128, 64),
                new Frame.Accepted(new long[] {1, 2, 300}),
                new Frame.Result(9, Outcome.OK, null, "", AT, 2, 1, true, VALUE),
                new Frame.Redirect(9, EPOCH),
                new Frame.Item(9, 0, Payload.NULL),
                new Frame.End(9, 1, Failure.HANDLER_FAILED, "grüße"),
                new Frame.Fence(SERVICE, 7, EPOCH, 0x0102030405060708L),
                new Frame.Promise(SERVICE, 7, EPOCH, AT, OLD),
                new Frame.NotYet(SERVICE, 7, EPOCH, -1),
                new Frame.Stale(SERVICE, 7, EPOCH),
                new Frame.Fetch(SERVICE, 7, EPOCH, AT, OLD),
                new Frame.Fetched(SERVICE, 7, EPOCH, OLD, OLD, entries, true),
                new Frame.Follow(SERVICE, 7, Epoch.ZERO, LogPosition.START, OLD, true),
                new Frame.NotOwner(SERVICE, 7, EPOCH),
                new Frame.Append(SERVICE, 7, EPOCH, OLD, 298, Entries.of(List.of(entry))),
                new Frame.Appended(SERVICE, 7, EPOCH, AT),
                snapshotPart(VALUE),
                new Frame.SnapshotTaken(SERVICE, 7, EPOCH, AT, 1),
                new Frame.Recall(SERVICE, 7, EPOCH, List.of(OLD, AT), 300, 298),
                new Frame.Recalled(SERVICE, 7, EPOCH, 298, 300, true, entries),
                new Frame.Denied(SERVICE, "no"),
                new Frame.Roster(Payload.opaque(new byte[] {0, 1, 2})),
                new Frame.Uses(Payload.opaque(new byte[] {2, 2})),
                new Frame.Unseen(9, Failure.OVERLOADED, "full"),
                new Frame.Room(9, SERVICE, 3),
                new Frame.Unfollow(SERVICE, 7, EPOCH),
                new Frame.Sync(SERVICE, 7, EPOCH, 300),
                new Frame.Synced(SERVICE, 7, EPOCH, AT));
    }

    private static List<Frame> ofGroups() {
        return List.of(
                new GroupFrame.Claim(SERVICE, 7, EPOCH, 3, "billing", OLD, true, List.of(OLD, AT)),
                new GroupFrame.Grant(SERVICE, 7, EPOCH, 3, "billing", 300, List.of(OLD), Acks.NONE),
                new GroupFrame.Revoke(SERVICE, 7, EPOCH, 3, 300, "no"),
                new GroupFrame.Took(SERVICE, 7, EPOCH, 3, 300, List.of(AT), Acks.NONE));
    }
}
