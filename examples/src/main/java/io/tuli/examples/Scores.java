package io.tuli.examples;

import io.tuli.ServiceConfig;
import org.jspecify.annotations.Nullable;

/**
 * The best score of each player. Where both sides of a split network have written one, neither the
 * later nor the owner's is right, but the higher: a merge function says so.
 */
public final class Scores {

    public static final String NAME = "scores";

    private Scores() {}

    /** How to serve them. */
    public static ServiceConfig<Long> config() {
        return ServiceConfig.of(NAME, Long.class).merge(Scores::higher);
    }

    /** Commutative, associative and idempotent, so it never matters who meets whom first. */
    private static @Nullable Long higher(
            String player, @Nullable Long base, @Nullable Long winner, @Nullable Long loser) {
        if (winner == null || loser == null) {
            return winner == null ? loser : winner;
        }
        return Math.max(winner, loser);
    }
}
