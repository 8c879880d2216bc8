package io.tuli.settings;

import io.tuli.agreement.RestartRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Those of the {@link KnownSettings} for what is kept on disk, and for coming back with it. */
public final class DiskSettings {

    public static final Setting<String> DATA_DIR =
            Setting.of(
                    "data.dir",
                    Unit.TEXT,
                    "",
                    "The directory, on a disk of its machine, in which a server keeps its durable"
                            + " services; one member's alone.");

    public static final Setting<Integer> JOURNAL_SEGMENT =
            Setting.of(
                    "journal.segment",
                    Unit.SEGMENT,
                    "64MiB",
                    "Size of each file there: it is made before it is needed, and one is always"
                            + " ready.");

    public static final Setting<Optional<Long>> JOURNAL_BYTES =
            Setting.of(
                    "journal.bytes",
                    Unit.LONG_OR_AUTO,
                    "auto",
                    "What all of them may take, and a restart reads; at least twice what is kept."
                            + " If auto, three times, but 256 MiB or an eighth of the heap.");

    public static final Setting<Long> DISK_RESERVE =
            Setting.of(
                    "disk.reserve",
                    Unit.MANY_BYTES,
                    "256MiB",
                    "What the journal leaves free on its disk: a durable write that would take it"
                            + " is refused with DISK_FULL until there is room.");

    public static final Setting<Duration> DISK_SLOW =
            Setting.of(
                    "disk.slow",
                    Unit.DURATION,
                    "500ms",
                    "When a write or a sync that still runs is reported.");

    public static final Setting<Duration> DISK_STUCK =
            Setting.of(
                    "disk.stuck",
                    Unit.DURATION,
                    "5s",
                    "When a disk that does not answer is given up, and its member leaves.");

    public static final Setting<RestartRule.Need> RESTART_NEED =
            Setting.of(
                    "restart.need",
                    Unit.NEED,
                    "safe",
                    "When all have stopped, without whom a durable service goes on: nobody (all),"
                            + " one of two or more (safe), anybody (any).");

    public static final Setting<Duration> RESTART_WAIT =
            Setting.of(
                    "restart.wait",
                    Unit.DURATION,
                    "30s",
                    "How long it then waits for one that it may go on without.");

    public static final Setting<Integer> MEMBERS_EXPECTED =
            Setting.of(
                    "members.expected",
                    Unit.COUNT,
                    "1",
                    "A durable service that nobody ever had begins when so many servers have it.");

    /** All of these. */
    static final List<Setting<?>> ALL =
            List.of(
                    DATA_DIR,
                    JOURNAL_SEGMENT,
                    JOURNAL_BYTES,
                    DISK_RESERVE,
                    DISK_SLOW,
                    DISK_STUCK,
                    RESTART_NEED,
                    RESTART_WAIT,
                    MEMBERS_EXPECTED);

    private DiskSettings() {}
}
