package io.tuli.sim;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Changelog;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.log.StoredRun;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Host;
import io.tuli.protocol.Keeper;
import io.tuli.protocol.Observer;
import io.tuli.protocol.Outbox;
import io.tuli.protocol.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a core does, in words. */
final class SpokenEffects implements Outbox, Host, Observer {

    private final List<String> said = new ArrayList<>();
    private final Set<MemberId> full = new HashSet<>();
    private final Supplier<@Nullable Changelog> log;
    private boolean isSlow;

    /**
     * @param log of the replica that speaks
     */
    SpokenEffects(Supplier<@Nullable Changelog> log) {
        this.log = log;
    }

    Effects all() {
        return new Effects(this, this, this);
    }

    Effects all(Keeper keeper) {
        return new Effects(this, this, this, keeper);
    }

    void slow() {
        isSlow = true;
    }

    void quick() {
        isSlow = false;
    }

    void full(MemberId member) {
        full.add(member);
    }

    void writable(MemberId member) {
        full.remove(member);
    }

    void say(String line) {
        said.add(line);
    }

    List<String> taken() {
        List<String> taken = List.copyOf(said);
        said.clear();
        return taken;
    }

    String name(MemberId member) {
        return "M" + member.incarnation();
    }

    private static String epoch(Epoch epoch) {
        return epoch.owner() == 0 ? "0.-" : epoch.number() + ".M" + epoch.owner();
    }

    private static String place(LogPosition position) {
        return epoch(position.epoch()) + ":" + position.offset();
    }

    private static String entry(Entry entry) {
        String edits =
                entry.edits().stream().map(SpokenEffects::edit).collect(Collectors.joining(", "));
        if (entry.id().isNone() && !entry.marks().isEmpty()) {
            return "merged "
                    + entry.marks().stream()
                            .map(mark -> place(mark.position()))
                            .collect(Collectors.joining(" "))
                    + (edits.isEmpty() ? "" : " " + edits);
        }
        if (entry.id().isNamed()) {
            return "named " + edits;
        }
        return entry.id().isNone()
                ? "open"
                : "M" + entry.id().origin() + "-" + entry.id().sequence() + " " + edits;
    }

    private static String edit(Edit edit) {
        return (edit.kind().verb() + " " + edit.key() + " " + edit.value()).replace(" (none)", "");
    }

    private static String entries(List<Entry> entries) {
        return entries.isEmpty()
                ? ""
                : " : "
                        + entries.stream()
                                .map(SpokenEffects::entry)
                                .collect(Collectors.joining(" ; "));
    }

    @Override
    public void send(MemberId to, Frame frame) {
        say("-> " + name(to) + " " + words(frame));
    }

    static String words(Frame frame) {
        return switch (frame) {
            case Frame.Result f -> "result " + f.call() + " " + f.outcome() + facts(f);
            case Frame.Redirect f ->
                    "redirect "
                            + f.call()
                            + " to "
                            + epoch(f.epoch())
                            + (f.isAppended() ? " appended" : "");
            case Frame.Fence f -> "fence " + epoch(f.epoch());
            case Frame.Promise f -> "promise " + epoch(f.epoch()) + log(f.end(), f.committed());
            case Frame.NotYet f -> "not-yet " + epoch(f.epoch());
            case Frame.Stale f -> "stale " + epoch(f.promised());
            case Frame.NotOwner f -> "not-owner " + epoch(f.promised());
            case Frame.Fetch f -> "fetch " + epoch(f.epoch()) + log(f.end(), f.committed());
            default -> replication(frame);
        };
    }

    private static String facts(Frame.Result f) {
        String how =
                f.failure() == null
                        ? " at "
                                + place(f.position())
                                + (" copies " + f.copies())
                                + (f.disks() > 0 ? " disks " + f.disks() : "")
                        : " " + f.failure();
        return f.body().isNone() ? how : how + " " + f.body();
    }

    private static String log(LogPosition end, LogPosition committed) {
        return " end=" + place(end) + " committed=" + place(committed);
    }

    private static String replication(Frame frame) {
        return switch (frame) {
            case Frame.Follow f ->
                    "follow p="
                            + epoch(f.promised())
                            + log(f.end(), f.committed())
                            + (f.counts() ? " server" : "");
            case Frame.Append f ->
                    "append "
                            + epoch(f.epoch())
                            + (" after " + place(f.prev()) + " committed " + f.committedEnd())
                            + entries(f.entries().list());
            case Frame.Appended f -> "appended " + epoch(f.epoch()) + " " + place(f.end());
            case Frame.Sync f -> "sync " + epoch(f.epoch()) + " " + f.end();
            case Frame.Synced f -> "synced " + epoch(f.epoch()) + " " + place(f.end());
            case Frame.Recall f ->
                    "recall "
                            + epoch(f.epoch())
                            + f.lineage().stream()
                                    .map(SpokenEffects::place)
                                    .collect(Collectors.joining(" ", " lineage ", ""))
                            + (" end " + f.end() + " from " + f.from());
            case Frame.SnapshotPart f ->
                    "snapshot "
                            + epoch(f.epoch())
                            + (" at " + place(f.at()))
                            + (" documents "
                                    + f.content().documents().stream()
                                            .mapToInt(StoredRun::size)
                                            .sum())
                            + (" replies " + f.content().replies().size())
                            + (f.last() ? " last" : "")
                            + entries(after(f));
            default -> frame.toString();
        };
    }

    @Override
    public void accepted(MemberId to, long call) {
        say("-> " + name(to) + " accepted " + call);
    }

    @Override
    public boolean isWritable(MemberId to) {
        return !full.contains(to);
    }

    @Override
    public long wallMillis() {
        return 0;
    }

    @Override
    public @Nullable Decision decide(Task task) {
        if (isSlow) {
            say(
                    "runs task "
                            + (task.number() >> 32)
                            + "."
                            + (int) task.number()
                            + ": "
                            + task.request().verb()
                            + " "
                            + task.document());
        }
        return isSlow ? null : new Decision.Pass();
    }

    @Override
    public void applied(int service, int partition, long from, LogPosition end) {
        Changelog read = log.get();
        if (read == null) {
            say("has applied up to " + place(end));
            return;
        }
        for (long offset = from; offset < end.offset(); offset++) {
            Entry entry = read.at(offset);
            say("applied " + place(entry.position()) + " " + entry(entry));
        }
    }

    @Override
    public void marked(int service, int partition, List<SourceMark> marks) {}

    @Override
    public void reset(int service, int partition, LogPosition at) {
        say("reset to " + place(at));
    }

    @Override
    public void inexact(int service, int partition, String why) {
        say("inexact: " + why);
    }

    @Override
    public void eventsLost(int service, int partition, LogPosition from, LogPosition to) {
        say("loses events from " + place(from) + " to " + place(to));
    }

    @Override
    public void leftOut(int service, int partition, Key key, String verb, Decision.Fail why) {
        say("leaves out " + verb + " " + key + ": " + why.failure());
    }

    @Override
    public void overruled(int service, int partition, Key key, Payload kept, Payload lost) {
        say("overruled " + key + ": kept " + kept + ", lost " + lost);
    }

    @Override
    public void discarded(int service, int partition, LogPosition from, LogPosition to) {
        say("gives up " + place(from) + " .. " + place(to));
    }

    @Override
    public void roleChanged(int service, int partition, String role, Epoch epoch) {
        say("is " + role + " of " + epoch(epoch));
    }

    @Override
    public void stream(MemberId to, long call, Decision.Stream stream) {
        say("streams to " + name(to) + " " + call);
    }

    @Override
    public void discard(Decision.Stream stream) {
        say("discards a stream");
    }

    @Override
    public void emit(Decision.Emitted emitted, RequestId id) {
        say("emits to " + emitted.service());
    }

    /** What its changelog holds after its place. */
    private static List<Entry> after(Frame.SnapshotPart part) {
        return part.content().tail().stream()
                .flatMap(piece -> piece.list().stream())
                .filter(entry -> entry.offset() >= part.at().offset())
                .toList();
    }

    @Override
    public int messageBytesMax() {
        return Integer.MAX_VALUE;
    }
}
