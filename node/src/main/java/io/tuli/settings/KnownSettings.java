package io.tuli.settings;

import io.tuli.secret.Demand;
import io.tuli.secret.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All settings there are, in the order in which they are shown. */
public final class KnownSettings {
    public static final Setting<String> CONFIG =
            Setting.of(
                    "config",
                    Unit.TEXT,
                    "",
                    "The file to read settings from; tuli.properties here, if it is your own.");

    public static final Setting<String> MESH =
            Setting.of(
                    "mesh", Unit.NAME, "tuli", "The mesh to join: members of others never meet.");

    public static final Setting<String> NAME =
            Setting.of(
                    "name",
                    Unit.NAME,
                    "",
                    "The member's name, for people; host and process if empty.");

    public static final Setting<Optional<Long>> NODE_ID =
            Setting.of(
                    "node.id",
                    Unit.ID,
                    "random",
                    "An identity that survives restarts: a member that comes back gets its share.");

    public static final Setting<String> GROUP =
            Setting.of("group", Unit.NAME, "", "A label for the member; decides nothing.");

    public static final Setting<Optional<Role>> ROLE =
            Setting.of(
                    "role",
                    Unit.ROLE,
                    "auto",
                    "What a client wants to be; if auto, what its certificate says, else client.");

    public static final Setting<String> BIND =
            Setting.of(
                    "bind",
                    Unit.TEXT,
                    "127.0.0.1",
                    "The address to listen on; others than loopback need a secret, or insecure.");

    public static final Setting<Integer> PORT =
            Setting.of("port", Unit.PORT, "0", "The data port; any free one if 0.");

    public static final Setting<List<String>> PEERS =
            Setting.of(
                    "peers",
                    Unit.ADDRESSES,
                    "",
                    "Where other members are; on one machine they find each other without.");

    public static final Setting<String> SECRET =
            new Setting<>(
                    "secret",
                    Unit.TEXT,
                    "",
                    "What all members of the mesh know, and strangers do not: `tuli secret new`.",
                    true);

    public static final Setting<String> SECRET_FILE =
            Setting.of(
                    "secret.file",
                    Unit.TEXT,
                    "",
                    "A file with a secret a line, up to 4, which its owner alone may read: all are"
                            + " accepted, the first is used.");

    public static final Setting<String> TLS_CERT =
            Setting.of(
                    "tls.cert",
                    Unit.TEXT,
                    "",
                    "A PEM file with this member's certificate, for the URI"
                            + " tuli://mesh/role/name, and those between it and tls.ca.");

    public static final Setting<String> TLS_KEY =
            Setting.of(
                    "tls.key",
                    Unit.TEXT,
                    "",
                    "A PEM file with the certificate's key in PKCS#8, on P-256 or RSA; its owner's"
                            + " alone.");

    public static final Setting<String> TLS_CA =
            Setting.of(
                    "tls.ca",
                    Unit.TEXT,
                    "",
                    "A PEM file with the authority's certificates, by which members know others.");

    public static final Setting<Optional<Demand>> AUTH_REQUIRE =
            Setting.of(
                    "auth.require",
                    Unit.DEMAND,
                    "auto",
                    "What others must prove at least; the strongest that is set if auto. Less only"
                            + " while all members get it.");

    public static final Setting<Duration> FILES_LOOK =
            Setting.of(
                    "files.look",
                    Unit.DURATION,
                    "5s",
                    "How often files of secrets and the like are looked at for changes.");

    public static final Setting<Duration> LINK_RENEW =
            Setting.of(
                    "link.renew",
                    Unit.DURATION,
                    "60s",
                    "Over how long links under a secret that is gone are dialed anew, one by one.");

    public static final Setting<Boolean> INSECURE =
            Setting.of(
                    "insecure",
                    Unit.FLAG,
                    "false",
                    "Accepts that anyone who reaches the address can join; warns at each start.");

    public static final Setting<Boolean> SAME_HOST =
            Setting.of(
                    "same.host",
                    Unit.FLAG,
                    "true",
                    "Links members of one machine and user by Unix-domain sockets, not by TCP.");

    public static final Setting<Integer> LOOPS =
            Setting.of(
                    "loops",
                    Unit.COUNT,
                    "0",
                    "Event loops, a thread each; half as many as processors if 0.");

    public static final Setting<Duration> LOOP_SPIN =
            Setting.of(
                    "loop.spin",
                    Unit.DURATION,
                    "50us",
                    "How long a loop with traffic spins for more before it sleeps, at most.");

    public static final Setting<Duration> LOOP_STUCK =
            Setting.of(
                    "loop.stuck",
                    Unit.DURATION,
                    "2s",
                    "When a loop that does not get on is reported, with what its thread does.");

    // ---- limits --------------------------------------------------------------------------------

    public static final Setting<Integer> MESSAGE_BYTES =
            Setting.of(
                    "message.bytes",
                    Unit.BYTES,
                    "1MiB",
                    "Largest message; a larger one fails at its sender.");

    public static final Setting<Integer> KEY_BYTES =
            Setting.of("key.bytes", Unit.BYTES, "4KiB", "Largest key, in UTF-8.");

    public static final Setting<Integer> DOCUMENT_DEPTH =
            Setting.of("document.depth", Unit.COUNT, "64", "Deepest nesting of a document.");

    public static final Setting<Duration> REQUEST_DEADLINE =
            Setting.of(
                    "request.deadline",
                    Unit.DURATION,
                    "20s",
                    "When a call ends that has no deadline of its own.");

    public static final Setting<Duration> SURVEY_DEADLINE =
            Setting.of(
                    "survey.deadline",
                    Unit.DURATION,
                    "1s",
                    "When a message to all members ends that has no deadline of its own.");

    public static final Setting<Integer> CALLS_IN_FLIGHT =
            Setting.of(
                    "calls.in.flight",
                    Unit.COUNT,
                    "65536",
                    "Calls of a member not yet ended, and handlers of a service running at once.");

    public static final Setting<Integer> QUEUED_PER_PARTITION =
            Setting.of(
                    "queued.per.partition",
                    Unit.COUNT,
                    "4096",
                    "Requests that may wait at an owner, for a take-over or for their key; one"
                            + " caller leaves a ninth.");

    public static final Setting<Integer> OUTBOX_BYTES =
            Setting.of(
                    "outbox.bytes",
                    Unit.BYTES,
                    "16MiB",
                    "What may wait on one link; then its senders are slowed.");

    public static final Setting<Integer> FEED_UNCONSUMED =
            Setting.of(
                    "feed.unconsumed",
                    Unit.COUNT,
                    "1000",
                    "Changes a feed fetches ahead of its consumer.");

    public static final Setting<Duration> DEDUP_WINDOW =
            Setting.of(
                    "dedup.window",
                    Unit.DURATION,
                    "2min",
                    "How long a repeated request is recognised after its caller's last request.");

    public static final Setting<Integer> DEDUP_PER_CALLER =
            Setting.of(
                    "dedup.per.caller",
                    Unit.COUNT,
                    "1024",
                    "Requests remembered per caller and partition.");

    public static final Setting<Duration> TOMBSTONE_GRACE =
            Setting.of(
                    "tombstone.grace",
                    Unit.DURATION,
                    "24h",
                    "How long a removed key stays removed for a side of a split that was away.");

    public static final Setting<Integer> CHANGELOG_BYTES =
            Setting.of(
                    "changelog.bytes",
                    Unit.BYTES,
                    "64MiB",
                    "Kept per partition for followers and feeds that lag; then they need a"
                            + " snapshot.");

    public static final Setting<Optional<Integer>> LAGGING_BYTES =
            Setting.of(
                    "lagging.bytes",
                    Unit.BYTES_OR_AUTO,
                    "auto",
                    "The same for all partitions together, and what snapshots to clients may hold;"
                            + " an eighth of the heap if auto.");

    public static final Setting<Optional<Integer>> HELD_BYTES =
            Setting.of(
                    "held.bytes",
                    Unit.BYTES_OR_AUTO,
                    "auto",
                    "What requests that wait at their owners may take, half of it those of one"
                            + " caller; a quarter of the heap if auto.");

    public static final Setting<Integer> HANDSHAKE_BYTES =
            Setting.of("handshake.bytes", Unit.BYTES, "16KiB", "Read at most from a stranger.");

    public static final Setting<Duration> HANDSHAKE_TIME =
            Setting.of(
                    "handshake.time", Unit.DURATION, "5s", "A stranger's time to say who it is.");

    // ---- who is there --------------------------------------------------------------------------

    public static final Setting<Duration> MEMBERSHIP_JOIN =
            Setting.of(
                    "membership.join",
                    Unit.DURATION,
                    "1s",
                    "One attempt to reach a member; who finds nobody starts alone after it.");

    public static final Setting<Duration> MEMBERSHIP_JOIN_MAX =
            Setting.of(
                    "membership.join.max", Unit.DURATION, "15s", "When joining fails, all in all.");

    public static final Setting<Duration> MEMBERSHIP_LEAVE =
            Setting.of(
                    "membership.leave",
                    Unit.DURATION,
                    "1s",
                    "How long a graceful leave waits to be confirmed.");

    public static final Setting<Duration> MEMBERSHIP_HEARTBEAT =
            Setting.of(
                    "membership.heartbeat",
                    Unit.DURATION,
                    "1s",
                    "How often a member shows that it lives.");

    public static final Setting<Duration> MEMBERSHIP_SILENCE =
            Setting.of(
                    "membership.silence",
                    Unit.DURATION,
                    "4s",
                    "When a silent member is suspected; below 3s a long pause looks like a death.");

    public static final Setting<Duration> MEMBERSHIP_VERIFY =
            Setting.of(
                    "membership.verify",
                    Unit.DURATION,
                    "500ms",
                    "How long a suspected member has to object.");

    public static final Setting<Duration> MEMBERSHIP_MERGE_MIN =
            Setting.of(
                    "membership.merge.min",
                    Unit.DURATION,
                    "500ms",
                    "Shortest pause between looks for members that were cut off.");

    public static final Setting<Duration> MEMBERSHIP_MERGE_MAX =
            Setting.of(
                    "membership.merge.max",
                    Unit.DURATION,
                    "1s",
                    "Longest pause between looks for members that were cut off.");

    public static final Setting<Duration> MEMBERSHIP_REPEAT =
            Setting.of(
                    "membership.repeat",
                    Unit.DURATION,
                    "2s",
                    "How often a member repeats which services it has.");

    public static final Setting<Duration> MEMBERSHIP_ASK =
            Setting.of(
                    "membership.ask",
                    Unit.DURATION,
                    "100ms",
                    "When a member that has not said which services it has is asked.");

    public static final Setting<Duration> MEMBERSHIP_CONFIRM =
            Setting.of(
                    "membership.confirm",
                    Unit.DURATION,
                    "2s",
                    "How long who begins to serve waits until all confirm that they heard so.");

    // ---- links ---------------------------------------------------------------------------------

    public static final Setting<Duration> LINK_KEEP_ALIVE =
            Setting.of(
                    "link.keep.alive",
                    Unit.DURATION,
                    "2s",
                    "How often a sign of life is sent on a link with nothing else to send.");

    public static final Setting<Duration> LINK_SILENCE =
            Setting.of(
                    "link.silence",
                    Unit.DURATION,
                    "6s",
                    "When a link on which nothing comes is closed.");

    public static final Setting<Duration> LINK_STUCK =
            Setting.of(
                    "link.stuck",
                    Unit.DURATION,
                    "15s",
                    "When a link that takes nothing, while something waits, is closed.");

    public static final Setting<Duration> LINK_CONNECT =
            Setting.of("link.connect", Unit.DURATION, "10s", "A connection's time to come about.");

    public static final Setting<Duration> BACKOFF_BASE =
            Setting.of(
                    "backoff.base",
                    Unit.DURATION,
                    "100ms",
                    "The wait before a second attempt to connect; then twice as long each time.");

    public static final Setting<Duration> BACKOFF_CAP =
            Setting.of(
                    "backoff.cap",
                    Unit.DURATION,
                    "60s",
                    "The longest wait before another attempt to connect.");

    public static final Setting<Double> BACKOFF_JITTER =
            Setting.of(
                    "backoff.jitter",
                    Unit.FRACTION,
                    "0.5",
                    "Which part of the wait is random, so that not all come back at once.");

    public static final Setting<Duration> HANDLER_SLOW =
            Setting.of(
                    "handler.slow",
                    Unit.DURATION,
                    "30s",
                    "When a handler that still runs is reported; it is never stopped.");

    public static final Setting<Duration> STREAM_IDLE =
            Setting.of(
                    "stream.idle",
                    Unit.DURATION,
                    "10min",
                    "When a streaming reply ends whose caller takes none of its items.");

    public static final Setting<Duration> CLOSE_DRAIN =
            Setting.of(
                    "close.drain",
                    Unit.DURATION,
                    "10s",
                    "How long a member that closes may take to hand its partitions over.");

    /** All of them. */
    public static final List<Setting<?>> ALL =
            Stream.of(
                            List.<Setting<?>>of(
                                    CONFIG,
                                    MESH,
                                    NAME,
                                    NODE_ID,
                                    GROUP,
                                    ROLE,
                                    BIND,
                                    PORT,
                                    PEERS,
                                    SECRET,
                                    SECRET_FILE,
                                    AccessSettings.TOKEN_FILE,
                                    AccessSettings.TOKENS_REVOKED,
                                    TLS_CERT,
                                    TLS_KEY,
                                    TLS_CA,
                                    AUTH_REQUIRE,
                                    AccessSettings.ACCESS_RULES,
                                    FILES_LOOK,
                                    LINK_RENEW,
                                    INSECURE,
                                    SAME_HOST,
                                    LOOPS,
                                    LOOP_SPIN,
                                    LOOP_STUCK,
                                    MESSAGE_BYTES,
                                    KEY_BYTES,
                                    DOCUMENT_DEPTH,
                                    REQUEST_DEADLINE,
                                    SURVEY_DEADLINE,
                                    CALLS_IN_FLIGHT,
                                    QUEUED_PER_PARTITION,
                                    OUTBOX_BYTES,
                                    FEED_UNCONSUMED,
                                    DEDUP_WINDOW,
                                    DEDUP_PER_CALLER,
                                    TOMBSTONE_GRACE,
                                    CHANGELOG_BYTES,
                                    LAGGING_BYTES,
                                    HELD_BYTES,
                                    HANDSHAKE_BYTES,
                                    HANDSHAKE_TIME,
                                    MEMBERSHIP_JOIN,
                                    MEMBERSHIP_JOIN_MAX,
                                    MEMBERSHIP_LEAVE,
                                    MEMBERSHIP_HEARTBEAT,
                                    MEMBERSHIP_SILENCE,
                                    MEMBERSHIP_VERIFY,
                                    MEMBERSHIP_MERGE_MIN,
                                    MEMBERSHIP_MERGE_MAX,
                                    MEMBERSHIP_REPEAT,
                                    MEMBERSHIP_ASK,
                                    MEMBERSHIP_CONFIRM,
                                    LINK_KEEP_ALIVE,
                                    LINK_SILENCE,
                                    LINK_STUCK,
                                    LINK_CONNECT,
                                    BACKOFF_BASE,
                                    BACKOFF_CAP,
                                    BACKOFF_JITTER,
                                    HANDLER_SLOW,
                                    STREAM_IDLE,
                                    CLOSE_DRAIN),
                            DiskSettings.ALL,
                            TunnelSettings.ALL,
                            GroupSettings.ALL)
                    .<Setting<?>>flatMap(List::stream)
                    .toList();

    /** Names that look like settings of a member but are the launcher's or the tests' own. */
    static final Set<String> OTHERS =
            Set.of("java.home", "java.opts", "jvm.flags", "seed", "seeds", "trace");

    private KnownSettings() {}

    /** The names of all. */
    public static List<String> names() {
        return ALL.stream().<String>map(Setting::name).toList();
    }
}
