package io.tuli.wire;

import io.tuli.Limits;
import io.tuli.error.Require;
import io.tuli.log.EntryReader;
import io.tuli.protocol.MessageRules;

/**
 * How long a frame may be. Both ends of a link tell each other what they take.
 *
 * <p>A sender of entries or documents fills a frame until the sum of {@link
 * io.tuli.log.Entry#sizeBytes} passes {@code messageBytes}, and keeps a single entry below three
 * times that: then {@link #REPLICATION_FACTOR} leaves room for what the estimate does not count.
 *
 * @param frameBytes of every frame but those that carry entries or documents
 * @param replicationBytes of those
 */
public record WireLimits(int frameBytes, int replicationBytes) {

    /** What a frame may hold besides the message that {@link Limits#messageBytes} counts. */
    public static final int SLACK_BYTES = 64 * 1024;

    /** Largest replication frame, in messages of the largest size. */
    public static final int REPLICATION_FACTOR = 4;

    /** Longest key of any member, in UTF-8, whatever its own limit is. */
    public static final int KEY_BYTES_MAX = EntryReader.KEY_BYTES_MAX;

    /** Longest verb, in UTF-8. */
    public static final int VERB_BYTES_MAX = MessageRules.VERB_BYTES_MAX;

    private static final int HEAP_SHARE = 8;

    /** Longest block of extensions. */
    public static final int EXTENSION_BYTES_MAX = 4 * 1024;

    public WireLimits {
        Require.argument(frameBytes > SLACK_BYTES, "frames must hold more than slack", frameBytes);
        Require.argument(
                replicationBytes >= frameBytes,
                "replication frames must be the larger ones",
                replicationBytes);
    }

    /** The bounds that follow from a member's limits. */
    public static WireLimits of(Limits limits) {
        return new WireLimits(
                limits.messageBytes() + SLACK_BYTES,
                limits.messageBytes() * REPLICATION_FACTOR + SLACK_BYTES);
    }

    /**
     * The bounds for what a member sends that itself takes messages of so many bytes: what it has
     * replicated is as large as it takes. Its word counts up to a share of the heap.
     */
    public WireLimits withReplicationFrom(int messageBytes) {
        long heapShare = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        long told = (long) messageBytes * REPLICATION_FACTOR + SLACK_BYTES;
        long more = Math.min(told, Math.min(heapShare, Integer.MAX_VALUE));
        return more <= replicationBytes ? this : new WireLimits(frameBytes, (int) more);
    }

    int bytesMax(FrameType type) {
        return type.isReplication() ? replicationBytes : frameBytes;
    }
}
