package io.tuli;

import io.tuli.error.Require;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Every bound there is. At a limit there is back-pressure, then a clear failure: never an unbounded
 * queue, never a silent drop. Settable in code, and as {@code tuli.<name>} or {@code TULI_<NAME>}
 * (see {@code docs/tuning.md}). Immutable; made by a {@link Builder}, which checks them together.
 */
public final class Limits {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** So many entries that a group has not done with fit in any frame, each in so many bytes. */
    private static final int UNSETTLED_BASE = 1_000;

    private static final int MARK_BYTES = 32;

    private final int messageBytes;
    private final int keyBytes;
    private final int documentDepth;
    private final Duration requestDeadline;
    private final Duration surveyDeadline;
    private final int callsInFlight;
    private final int queuedPerPartition;
    private final int outboxBytes;
    private final int feedUnconsumed;
    private final Duration dedupWindow;
    private final int dedupPerCaller;
    private final Duration tombstoneGrace;
    private final int changelogBytes;
    private final int laggingBytes;
    private final int heldBytes;
    private final int handshakeBytes;
    private final Duration handshakeTime;
    private final Groups groups;

    private Limits(Builder from) {
        messageBytes = from.messageBytes;
        keyBytes = from.keyBytes;
        documentDepth = from.documentDepth;
        requestDeadline = from.requestDeadline;
        surveyDeadline = from.surveyDeadline;
        callsInFlight = from.callsInFlight;
        queuedPerPartition = from.queuedPerPartition;
        outboxBytes = from.outboxBytes;
        feedUnconsumed = from.feedUnconsumed;
        dedupWindow = from.dedupWindow;
        dedupPerCaller = from.dedupPerCaller;
        tombstoneGrace = from.tombstoneGrace;
        changelogBytes = from.changelogBytes;
        laggingBytes = from.laggingBytes;
        heldBytes = from.heldBytes;
        handshakeBytes = from.handshakeBytes;
        handshakeTime = from.handshakeTime;
        groups = from.groups;
    }

    /** The limits of a member that was told nothing. */
    public static Limits defaults() {
        return builder().build();
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Begins with these. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.messageBytes = messageBytes;
        builder.keyBytes = keyBytes;
        builder.documentDepth = documentDepth;
        builder.requestDeadline = requestDeadline;
        builder.surveyDeadline = surveyDeadline;
        builder.callsInFlight = callsInFlight;
        builder.queuedPerPartition = queuedPerPartition;
        builder.outboxBytes = outboxBytes;
        builder.feedUnconsumed = feedUnconsumed;
        builder.dedupWindow = dedupWindow;
        builder.dedupPerCaller = dedupPerCaller;
        builder.tombstoneGrace = tombstoneGrace;
        builder.changelogBytes = changelogBytes;
        builder.laggingBytes = laggingBytes;
        builder.heldBytes = heldBytes;
        builder.handshakeBytes = handshakeBytes;
        builder.handshakeTime = handshakeTime;
        builder.groups = groups;
        return builder;
    }

    private Limits checked() {
        Require.argument(
                messageBytes >= KIB && messageBytes <= 64 * MIB,
                "message.bytes must be 1 KiB..64 MiB",
                messageBytes);
        Require.argument(
                keyBytes >= 16 && keyBytes <= 64 * KIB, "key.bytes must be 16..65536", keyBytes);
        Require.argument(
                documentDepth >= 1 && documentDepth <= 500,
                "document.depth must be 1..500",
                documentDepth);
        Require.argument(
                requestDeadline.isPositive(), "request.deadline must be positive", requestDeadline);
        Require.argument(
                surveyDeadline.isPositive(), "survey.deadline must be positive", surveyDeadline);
        Require.argument(callsInFlight >= 1, "calls.in.flight must be >= 1", callsInFlight);
        Require.argument(
                queuedPerPartition >= 0, "queued.per.partition must be >= 0", queuedPerPartition);
        Require.argument(feedUnconsumed >= 1, "feed.unconsumed must be >= 1", feedUnconsumed);
        Require.argument(dedupWindow.isPositive(), "dedup.window must be positive", dedupWindow);
        Require.argument(dedupPerCaller >= 1, "dedup.per.caller must be >= 1", dedupPerCaller);
        Require.argument(
                !tombstoneGrace.isNegative(), "tombstone.grace must be >= 0", tombstoneGrace);
        Require.argument(changelogBytes >= 0, "changelog.bytes must be >= 0", changelogBytes);
        Require.argument(laggingBytes >= 0, "lagging.bytes must be >= 0", laggingBytes);
        Require.argument(heldBytes >= 0, "held.bytes must be >= 0", heldBytes);
        Require.argument(
                outboxBytes / 2 >= messageBytes,
                "outbox.bytes must be >= 2 x message.bytes",
                outboxBytes);
        Require.argument(
                groups.unsettled() <= UNSETTLED_BASE + messageBytes / MARK_BYTES,
                "groups.unsettled must be <= 1000 + message.bytes / 32",
                groups.unsettled());
        return this;
    }

    /** Largest body, verb, key and headers of one message together. */
    public int messageBytes() {
        return messageBytes;
    }

    /** Largest key, in UTF-8. */
    public int keyBytes() {
        return keyBytes;
    }

    /** Deepest nesting of a document. */
    public int documentDepth() {
        return documentDepth;
    }

    /** When a call ends whose message and service do not say. */
    public Duration requestDeadline() {
        return requestDeadline;
    }

    /** When a survey ends whose message does not say. */
    public Duration surveyDeadline() {
        return surveyDeadline;
    }

    /** Calls of one member not yet ended; the caller waits, then OVERLOADED. */
    public int callsInFlight() {
        return callsInFlight;
    }

    /** Requests that wait at an owner, for a take-over or for earlier ones of their key. */
    public int queuedPerPartition() {
        return queuedPerPartition;
    }

    /** What may wait on one link. */
    public int outboxBytes() {
        return outboxBytes;
    }

    /** Changes fetched by a feed and not consumed. */
    public int feedUnconsumed() {
        return feedUnconsumed;
    }

    /** How long a request's identity is remembered after its caller's last request. */
    public Duration dedupWindow() {
        return dedupWindow;
    }

    /** Identities remembered per caller and partition. */
    public int dedupPerCaller() {
        return dedupPerCaller;
    }

    /**
     * How long a removed key is remembered, so that a side of a split that was away for less does
     * not bring it back.
     */
    public Duration tombstoneGrace() {
        return tombstoneGrace;
    }

    /** Kept per partition for whoever lags. */
    public int changelogBytes() {
        return changelogBytes;
    }

    /** Kept over all partitions for whoever lags. */
    public int laggingBytes() {
        return laggingBytes;
    }

    /**
     * What requests that wait at their owners may take; of one caller half of it. 0 for a quarter
     * of a member's heap.
     */
    public int heldBytes() {
        return heldBytes;
    }

    /** Read from a stranger. */
    public int handshakeBytes() {
        return handshakeBytes;
    }

    /** A stranger's time to say who it is. */
    public Duration handshakeTime() {
        return handshakeTime;
    }

    /** What groups of readers may take. */
    public Groups groups() {
        return groups;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Limits that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "limits " + values();
    }

    private List<Object> values() {
        return List.of(
                messageBytes,
                keyBytes,
                documentDepth,
                requestDeadline,
                surveyDeadline,
                callsInFlight,
                queuedPerPartition,
                outboxBytes,
                feedUnconsumed,
                dedupWindow,
                dedupPerCaller,
                tombstoneGrace,
                changelogBytes,
                laggingBytes,
                heldBytes,
                handshakeBytes,
                handshakeTime,
                groups);
    }

    /**
     * What groups of readers of changes may take; see {@link Feed#group} and {@link Feed#consumer}.
     *
     * @param most groups of one partition
     * @param readers of one group in one partition
     * @param handover how long a reader that is to stop is waited for
     * @param memory how long it is known how far a group without readers is
     * @param report how often it is written how far a group is
     * @param inFlight changes that one consumer may have and not have acknowledged
     * @param unsettled entries of a partition that a group has got and not done with, and those
     *     after them
     * @param rejected changes of a partition that a group keeps as rejected
     */
    public record Groups(
            int most,
            int readers,
            Duration handover,
            Duration memory,
            Duration report,
            int inFlight,
            int unsettled,
            int rejected) {

        private static final Duration HANDOVER_MIN = Duration.ofSeconds(3);
        private static final Duration REPORT_MIN = Duration.ofMillis(1);

        /** Those of a member that was told nothing. */
        public static final Groups DEFAULT =
                new Groups(
                        16,
                        1_024,
                        Duration.ofSeconds(5),
                        Duration.ofHours(24),
                        Duration.ofMillis(100),
                        1_000,
                        1_000,
                        100);

        public Groups {
            Require.argument(most >= 1 && most <= 256, "groups.per.partition must be 1..256", most);
            Require.argument(
                    readers >= 1 && readers <= 100_000,
                    "groups.readers must be 1..100000",
                    readers);
            Require.argument(
                    handover.compareTo(HANDOVER_MIN) >= 0,
                    "groups.handover must be >= 3 s: a member that paused for 2 s stops to read",
                    handover);
            Require.argument(
                    memory.compareTo(handover) >= 0,
                    "groups.memory must be >= groups.handover",
                    memory);
            Require.argument(
                    report.compareTo(REPORT_MIN) >= 0
                            && report.compareTo(Duration.ofSeconds(10)) <= 0,
                    "groups.report must be 1ms..10s",
                    report);
            Require.argument(
                    inFlight >= 1 && inFlight <= 1_000_000,
                    "groups.in.flight must be 1..1000000",
                    inFlight);
            Require.argument(
                    unsettled >= 1 && unsettled <= 10_000,
                    "groups.unsettled must be 1..10000",
                    unsettled);
            Require.argument(
                    rejected >= 1 && rejected <= 1_000,
                    "groups.rejected must be 1..1000",
                    rejected);
        }
    }

    /** Limits to be; what is not said keeps its value. Not thread-safe. */
    public static final class Builder {

        private int messageBytes = MIB;
        private int keyBytes = 4 * KIB;
        private int documentDepth = 64;
        private Duration requestDeadline = Duration.ofSeconds(20);
        private Duration surveyDeadline = Duration.ofSeconds(1);
        private int callsInFlight = 65_536;
        private int queuedPerPartition = 4_096;
        private int outboxBytes = 16 * MIB;
        private int feedUnconsumed = 1_000;
        private Duration dedupWindow = Duration.ofMinutes(2);
        private int dedupPerCaller = 1_024;
        private Duration tombstoneGrace = Duration.ofHours(24);
        private int changelogBytes = 64 * MIB;
        private int laggingBytes = 512 * MIB;
        private int heldBytes;
        private int handshakeBytes = 16 * KIB;
        private Duration handshakeTime = Duration.ofSeconds(5);
        private Groups groups = Groups.DEFAULT;

        private Builder() {}

        public Builder messageBytes(int value) {
            messageBytes = value;
            return this;
        }

        public Builder keyBytes(int value) {
            keyBytes = value;
            return this;
        }

        public Builder documentDepth(int value) {
            documentDepth = value;
            return this;
        }

        public Builder requestDeadline(Duration value) {
            requestDeadline = Objects.requireNonNull(value);
            return this;
        }

        public Builder surveyDeadline(Duration value) {
            surveyDeadline = Objects.requireNonNull(value);
            return this;
        }

        public Builder callsInFlight(int value) {
            callsInFlight = value;
            return this;
        }

        public Builder queuedPerPartition(int value) {
            queuedPerPartition = value;
            return this;
        }

        public Builder outboxBytes(int value) {
            outboxBytes = value;
            return this;
        }

        public Builder feedUnconsumed(int value) {
            feedUnconsumed = value;
            return this;
        }

        public Builder dedupWindow(Duration value) {
            dedupWindow = Objects.requireNonNull(value);
            return this;
        }

        public Builder dedupPerCaller(int value) {
            dedupPerCaller = value;
            return this;
        }

        public Builder tombstoneGrace(Duration value) {
            tombstoneGrace = Objects.requireNonNull(value);
            return this;
        }

        public Builder changelogBytes(int value) {
            changelogBytes = value;
            return this;
        }

        public Builder laggingBytes(int value) {
            laggingBytes = value;
            return this;
        }

        public Builder heldBytes(int value) {
            heldBytes = value;
            return this;
        }

        public Builder handshakeBytes(int value) {
            handshakeBytes = value;
            return this;
        }

        public Builder handshakeTime(Duration value) {
            handshakeTime = Objects.requireNonNull(value);
            return this;
        }

        public Builder groups(Groups value) {
            groups = Objects.requireNonNull(value);
            return this;
        }

        /**
         * The limits.
         *
         * @throws IllegalArgumentException where one is out of its bounds, or two do not fit
         *     together
         */
        public Limits build() {
            return new Limits(this).checked();
        }
    }
}
