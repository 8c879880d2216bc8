package io.tuli.fold;

import io.tuli.Codec;
import io.tuli.Fold;
import io.tuli.Limits;
import io.tuli.MeshEvent;
import io.tuli.error.Require;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How one service folds another.
 *
 * @param fold what messages a change yields
 * @param sourceCodec reads the source's values
 * @param targetCodec writes the messages' bodies
 * @param limits of the target's messages
 * @param inFlightMax messages posted to one target partition and not applied yet; beyond it the
 *     source waits for that partition. 1,000 unless said
 * @param watermarkEvery how often partitions are told how far the source has been looked at where
 *     nothing concerned them: bounds what a new owner reads again. 5 s unless said
 * @param events told of what cannot be folded
 */
public record FoldConfig(
        Fold fold,
        Codec sourceCodec,
        Codec targetCodec,
        Limits limits,
        int inFlightMax,
        Duration watermarkEvery,
        Consumer<MeshEvent> events) {

    public FoldConfig {
        Require.argument(inFlightMax >= 1, "fold.in.flight.max must be >= 1", inFlightMax);
        Require.argument(
                watermarkEvery.isPositive(),
                "fold.watermark.every must be positive",
                watermarkEvery);
    }

    /** With one codec and the default bounds. */
    public static FoldConfig of(Fold fold, Codec codec, Limits limits, Consumer<MeshEvent> events) {
        return new FoldConfig(fold, codec, codec, limits, 1_000, Duration.ofSeconds(5), events);
    }
}
