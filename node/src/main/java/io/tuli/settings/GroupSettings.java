package io.tuli.settings;

import java.time.Duration;
import java.util.List;

/** Those of the {@link KnownSettings} for groups of readers of changes, and for consumers. */
public final class GroupSettings {

    public static final Setting<Integer> PER_PARTITION =
            Setting.of(
                    "groups.per.partition",
                    Unit.COUNT,
                    "16",
                    "Groups that may read a partition, up to 256; one more is OVERLOADED.");

    public static final Setting<Integer> READERS =
            Setting.of(
                    "groups.readers",
                    Unit.COUNT,
                    "1024",
                    "Readers that one group may have; one more is OVERLOADED.");

    public static final Setting<Duration> HANDOVER =
            Setting.of(
                    "groups.handover",
                    Unit.DURATION,
                    "5s",
                    "How long a reader that is to stop is waited for, 3s or more; then the next one"
                            + " reads, and what was not told comes again.");

    public static final Setting<Duration> MEMORY =
            Setting.of(
                    "groups.memory",
                    Unit.DURATION,
                    "24h",
                    "How long a group without readers is known, and holds the changelog.");

    public static final Setting<Duration> REPORT =
            Setting.of(
                    "groups.report",
                    Unit.DURATION,
                    "100ms",
                    "How often it is told and written how far a group is, up to 10s: what a killed"
                            + " reader did since comes again.");

    public static final Setting<Integer> IN_FLIGHT =
            Setting.of(
                    "groups.in.flight",
                    Unit.COUNT,
                    "1000",
                    "Changes that a consumer may have and not have acknowledged; it may ask for"
                            + " fewer.");

    public static final Setting<Integer> UNSETTLED =
            Setting.of(
                    "groups.unsettled",
                    Unit.COUNT,
                    "1000",
                    "Entries of a partition that a consumer takes beyond the oldest that it has not"
                            + " done with, up to 10000.");

    public static final Setting<Integer> REJECTED =
            Setting.of(
                    "groups.rejected",
                    Unit.COUNT,
                    "100",
                    "Rejected changes that a group keeps of a partition, up to 1000; one more stays"
                            + " unacknowledged.");

    /** All of these. */
    static final List<Setting<?>> ALL =
            List.of(
                    PER_PARTITION,
                    READERS,
                    HANDOVER,
                    MEMORY,
                    REPORT,
                    IN_FLIGHT,
                    UNSETTLED,
                    REJECTED);

    private GroupSettings() {}
}
