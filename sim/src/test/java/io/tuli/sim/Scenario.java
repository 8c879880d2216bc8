package io.tuli.sim;

import io.tuli.Commit;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Partitioner;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.codec.JsonDocuments;
import io.tuli.log.Changelog;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.member.PartitionRouter;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Snapshot;
import io.tuli.replica.KeptPartition;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One core, one partition, told things in words; what it does comes back in words. The commands and
 * their effects are the protocol's examples, see {@code scenarios/*.txt}:
 *
 * <pre>{@code
 * > me M2                      the member under test: M1, M2, ... are members, Mn has incarnation n
 * > client M9                  the same, but it only follows
 * > ring M1 M2 / M3            servers, the one wanted first; after the slash who is leaving
 * > wait 100                   milliseconds pass, with a tick
 * > M1 up        > M1 down     a link
 * > M1 full      > M1 writable whether its outbox has room
 * > M1 asks 7 update k "v" copies=2 attempt=1   call 7, whose id is M1-7
 * > M1 asks 8 update k "v" id=M1-7              call 8, with the same id
 * > decided 1.2 pass           the handler of the second task of epoch 1, where handlers are slow
 * > durable                    what the member under test has is kept; said before it is named
 * > durable later              the same, synced an hour after it is kept
 * > M1 asks 9 update k "v" disks=2
 * > kept                       all that was given to be kept is
 * > anew                       all there is, is given to be kept once more
 * > full       > room          whether the disk takes more
 * > no-space                   it takes nothing more until somebody makes room
 * > restart M5                 it crashes, and begins anew as M5 with what was kept
 * > slow                       from now on handlers take their time
 * > M1 follow p=1.M2 end=0.-:0 committed=0.-:0 server
 * > M1 append 1.M1 after 0.-:0 committed 1 : open ; M1-7 update k "v"
 * > M1 snapshot 1.M1 at 1.M1:1 : M1-7 update k "v"
 * > M1 snapshot 1.M1 at 1.M1:1 part=0 more=yes : M1-7 update k "v"   of several parts
 * }</pre>
 *
 * <p>{@code 1.M2} is an epoch, {@code 1.M2:5} a position.
 */
final class Scenario {

    private static final ServiceSpec SERVED = spec(true, ServiceSpec.NOT_KEPT);
    private static final ServiceSpec USED = spec(false, ServiceSpec.NOT_KEPT);
    private static final ServiceSpec DURABLE = spec(true, 0);
    private static final ServiceSpec SYNCED_LATER = spec(true, 3_600_000);
    private static final long START_NANOS = 1_000_000_000L;

    private final SpokenEffects effects = new SpokenEffects(this::log);
    private final SpokenKeeper keeper = new SpokenKeeper(effects::say);
    private final long salt;
    private @Nullable PartitionRouter opened;
    private int changelogBytes = Limits.defaults().changelogBytes();
    private ServiceSpec served = SERVED;
    private long now = START_NANOS;

    private static ServiceSpec spec(boolean isServed, long syncMillis) {
        return new ServiceSpec(
                ServiceSpec.numberOf("s"),
                "s",
                1,
                isServed,
                Partitioner.TOP_LEVEL,
                ServiceConfig.MergePolicy.LAST_WRITE_WINS,
                false,
                false,
                0,
                syncMillis);
    }

    /** Members get such nodes that every ring of the transcript wants the first it names. */
    Scenario(List<String> transcript) {
        long tried = 0;
        while (!wantsTheFirst(transcript, tried)) {
            tried++;
        }
        salt = tried;
    }

    private static boolean wantsTheFirst(List<String> transcript, long salt) {
        return transcript.stream()
                .filter(line -> line.startsWith("> ring"))
                .map(line -> ring(line.substring(2).split("\\s+"), salt))
                .allMatch(ring -> ring.first.equals(ring.ring.ownerOf(0)));
    }

    private static MemberId member(String name, long salt) {
        int number = Integer.parseInt(name.substring(1));
        return new MemberId(number * 1_000_003L + salt, number);
    }

    private MemberId member(String name) {
        return member(name, salt);
    }

    /** None while it is restored: nobody can look into it yet. */
    private @Nullable Changelog log() {
        return opened == null ? null : opened.replica(SERVED.number(), 0).log();
    }

    private PartitionRouter core() {
        return Objects.requireNonNull(opened, "a transcript begins with > me");
    }

    /** Does one command; answers what the core did, a line each. */
    List<String> command(String line) {
        String[] words = line.trim().split("\\s+");
        switch (words[0]) {
            case "keeps" -> changelogBytes = Integer.parseInt(words[1]);
            case "durable" -> served = words.length > 1 ? SYNCED_LATER : DURABLE;
            case "kept" -> core().step(new Input.Kept(keeper.keepAll()), now);
            case "anew" -> core().keepAnew(DURABLE.number(), 0);
            case "full" -> keeper.hasRoom(false);
            case "room" -> keeper.hasRoom(true);
            case "no-space" -> keeper.noSpace();
            case "restart" -> {
                begin(words[1], served, keeper.recovered());
            }
            case "me" -> open(words[1], served);
            case "client" -> open(words[1], USED);
            case "close" -> core().leave(SERVED.number());
            case "slow" -> effects.slow();
            case "ring" -> ring(words);
            case "wait" -> waited(Long.parseLong(words[1]));
            case "decided" -> decided(words);
            default -> from(member(words[0]), words, line);
        }
        if (opened != null) {
            opened.flush(now);
        }
        return effects.taken();
    }

    private void open(String name, ServiceSpec spec) {
        begin(name, spec, null);
    }

    private void begin(String name, ServiceSpec spec, @Nullable KeptPartition recovered) {
        Limits limits = Limits.builder().changelogBytes(changelogBytes).build();
        PartitionRouter router =
                new PartitionRouter(member(name), limits, new JsonDocuments(), effects.all(keeper));
        opened = null;
        router.open(
                spec, partition -> true, partition -> new SharedState(), partition -> recovered);
        opened = router;
    }

    private void ring(String[] words) {
        core().step(new Input.RingChanged(SERVED.number(), ring(words, salt).ring), now);
    }

    private static Named ring(String[] words, long salt) {
        List<MemberId> servers = new ArrayList<>();
        List<MemberId> leaving = new ArrayList<>();
        List<MemberId> current = servers;
        for (String word : List.of(words).subList(1, words.length)) {
            if (word.equals("/")) {
                current = leaving;
            } else {
                current.add(member(word, salt));
            }
        }
        return new Named(Ring.of(1, servers, leaving), servers.get(0));
    }

    private record Named(Ring ring, MemberId first) {}

    private void waited(long millis) {
        for (int i = 0; i < 4; i++) {
            now += millis * 1_000_000 / 4;
            core().step(new Input.Tick(), now);
        }
    }

    private void decided(String[] words) {
        Decision decision =
                switch (words[2]) {
                    case "pass" -> new Decision.Pass();
                    case "decline" -> new Decision.Decline();
                    default -> throw new IllegalArgumentException("not a decision: " + words[2]);
                };
        core().step(new Input.Decided(SERVED.number(), 0, task(words[1]), decision), now);
    }

    /** {@code 1.2} is the second task of the first epoch. */
    private static long task(String text) {
        String[] parts = text.split("\\.");
        return (Long.parseLong(parts[0]) << 32) + Long.parseLong(parts[1]);
    }

    private void from(MemberId from, String[] words, String line) {
        switch (words[1]) {
            case "up" -> core().step(new Input.LinkUp(from), now);
            case "down" -> core().step(new Input.LinkDown(from), now);
            case "full" -> effects.full(from);
            case "writable" -> {
                effects.writable(from);
                core().step(new Input.LinkWritable(), now);
            }
            case "asks" -> receive(from, request(from, words));
            case "cancels" -> core().step(new Input.Cancelled(from, Long.parseLong(words[2])), now);
            case "follow" ->
                    receive(
                            from,
                            new Frame.Follow(
                                    SERVED.number(),
                                    0,
                                    epoch(value(words, "p")),
                                    position(value(words, "end")),
                                    position(value(words, "committed")),
                                    line.endsWith("server")));
            case "append" -> receive(from, append(words, line));
            case "appended" ->
                    receive(
                            from,
                            new Frame.Appended(
                                    SERVED.number(), 0, epoch(words[2]), position(words[3])));
            case "fence" ->
                    receive(
                            from,
                            new Frame.Fence(SERVED.number(), 0, epoch(words[2]), hash(words)));
            case "sync" ->
                    receive(
                            from,
                            new Frame.Sync(
                                    SERVED.number(), 0, epoch(words[2]), Long.parseLong(words[3])));
            case "synced" ->
                    receive(
                            from,
                            new Frame.Synced(
                                    SERVED.number(), 0, epoch(words[2]), position(words[3])));
            case "promise" ->
                    receive(
                            from,
                            new Frame.Promise(
                                    SERVED.number(),
                                    0,
                                    epoch(words[2]),
                                    position(value(words, "end")),
                                    position(value(words, "committed"))));
            case "recalled" -> receive(from, recalled(words, line));
            case "fetched" -> receive(from, fetched(words, line));
            case "snapshot" -> receive(from, snapshot(words, line));
            case "stale" -> receive(from, new Frame.Stale(SERVED.number(), 0, epoch(words[2])));
            case "not-owner" ->
                    receive(from, new Frame.NotOwner(SERVED.number(), 0, epoch(words[2])));
            default -> throw new IllegalArgumentException("no such command: " + line);
        }
    }

    private void receive(MemberId from, Frame.OfPartition frame) {
        core().step(new Input.Received(from, frame), now);
    }

    private Frame.Request request(MemberId from, String[] words) {
        long call = Long.parseLong(words[2]);
        boolean hasBody = words.length > 5 && !words[5].contains("=");
        String attempt = value(words, "attempt");
        return new Frame.Request(
                SERVED.number(),
                0,
                call,
                named(value(words, "id"), new RequestId(from.incarnation(), call)),
                attempt.isEmpty() ? 0 : Integer.parseInt(attempt),
                20_000,
                commit(value(words, "copies"), value(words, "disks")),
                words[3],
                Key.parse(words[4]),
                hasBody ? Payload.json(words[5]) : Payload.NONE,
                new TreeMap<>());
    }

    private static Commit commit(String copies, String disks) {
        if (!disks.isEmpty()) {
            return Commit.disks(Integer.parseInt(disks));
        }
        return copies.isEmpty() ? Commit.safe() : Commit.copies(Integer.parseInt(copies));
    }

    /** {@code M9-2} is the second request of M9, {@code order-2} one of that name. */
    private RequestId named(String text, RequestId otherwise) {
        if (!text.isEmpty() && !text.startsWith("M")) {
            return RequestId.named(text);
        }
        String[] parts = text.split("-");
        return text.isEmpty()
                ? otherwise
                : new RequestId(member(parts[0]).incarnation(), Long.parseLong(parts[1]));
    }

    private Frame.Append append(String[] words, String line) {
        LogPosition prev = position(words[4]);
        return new Frame.Append(
                SERVED.number(),
                0,
                epoch(words[2]),
                prev,
                Long.parseLong(words[6]),
                Entries.of(entries(epoch(words[2]), prev.offset(), line)));
    }

    private Frame.Recalled recalled(String[] words, String line) {
        long fork = Long.parseLong(value(words, "fork"));
        List<Entry> entries = entries(epoch(value(words, "of")), fork, line);
        return new Frame.Recalled(
                SERVED.number(),
                0,
                epoch(words[2]),
                fork,
                fork + entries.size(),
                true,
                Entries.of(entries));
    }

    private Frame.Fetched fetched(String[] words, String line) {
        LogPosition prev = position(words[4]);
        Epoch of = epoch(value(words, "of"));
        return new Frame.Fetched(
                SERVED.number(),
                0,
                epoch(words[2]),
                prev,
                position(words[6]),
                Entries.of(entries(of, prev.offset(), line)),
                true);
    }

    /** Without documents; what follows the colon is not committed yet. */
    private Frame.SnapshotPart snapshot(String[] words, String line) {
        Epoch epoch = epoch(words[2]);
        LogPosition at = position(words[4]);
        boolean isLast = value(words, "more").isEmpty();
        List<LogPosition> lineage = isLast ? List.of(new LogPosition(epoch, 0)) : List.of();
        List<Entry> following = entries(epoch, at.offset(), line);
        Snapshot whole =
                new Snapshot(
                        List.of(), List.of(), List.of(), lineage, List.of(Entries.of(following)));
        String part = value(words, "part");
        int index = part.isEmpty() ? 0 : Integer.parseInt(part);
        return new Frame.SnapshotPart(SERVED.number(), 0, epoch, at, index, isLast, whole);
    }

    /** Entries after the colon, separated by semicolons. */
    private List<Entry> entries(Epoch epoch, long first, String line) {
        List<Entry> entries = new ArrayList<>();
        int colon = line.indexOf(" : ");
        if (colon < 0) {
            return entries;
        }
        for (String text : line.substring(colon + 3).split(";")) {
            long offset = first + entries.size();
            String[] words = text.trim().split("\\s+");
            entries.add(
                    words[0].equals("open")
                            ? Entry.opening(epoch, offset, offset)
                            : entry(epoch, offset, words));
        }
        return entries;
    }

    private Entry entry(Epoch epoch, long offset, String[] words) {
        String[] id = words[0].split("-");
        return new Entry(
                epoch,
                offset,
                offset,
                new RequestId(member(id[0]).incarnation(), Long.parseLong(id[1])),
                List.of(
                        new Edit(
                                Edit.Kind.valueOf(words[1].toUpperCase(Locale.ROOT)),
                                Key.parse(words[2]),
                                words.length > 3 ? Payload.json(words[3]) : Payload.NONE)),
                Payload.NONE,
                List.of());
    }

    private static String value(String[] words, String name) {
        return Arrays.stream(words)
                .filter(word -> word.startsWith(name + "="))
                .map(word -> word.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    /** The hash of the ring that {@code ring=M1,M2} names. */
    private long hash(String[] words) {
        List<MemberId> servers =
                Arrays.stream(value(words, "ring").split(",")).map(this::member).toList();
        return Ring.of(1, servers, List.of()).hash();
    }

    private Epoch epoch(String text) {
        String[] parts = text.split("\\.");
        return parts[1].equals("-")
                ? Epoch.ZERO
                : new Epoch(Integer.parseInt(parts[0]), member(parts[1]).incarnation());
    }

    private LogPosition position(String text) {
        String[] parts = text.split(":");
        return new LogPosition(epoch(parts[0]), Long.parseLong(parts[1]));
    }
}
