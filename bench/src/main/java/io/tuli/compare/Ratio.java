package io.tuli.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How many times as fast one system was as another, inside each round.
 *
 * @param median of the rounds' ratios
 * @param low and high: 95 % of the medians of resampled rounds lie between them
 * @param ahead rounds in which it was faster
 * @param rounds all
 */
public record Ratio(double median, double low, double high, int ahead, int rounds) {

    /** Fewer rounds are not worth an interval: a system that has only those is not shown. */
    static final int ROUNDS_MIN = 3;

    private static final int RESAMPLES = 2000;
    private static final double TAIL = 0.025;

    /** Of the same rounds of both. */
    public static Ratio of(List<Double> ours, List<Double> theirs) {
        double[] ratios = new double[ours.size()];
        int ahead = 0;
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ours.get(i) / theirs.get(i);
            ahead += ratios[i] > 1 ? 1 : 0;
        }
        SplittableRandom random = new SplittableRandom(ratios.length);
        double[] medians = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            medians[i] =
                    median(
                            random.ints(ratios.length, 0, ratios.length)
                                    .mapToDouble(each -> ratios[each])
                                    .toArray());
        }
        Arrays.sort(medians);
        return new Ratio(
                median(ratios),
                medians[(int) (RESAMPLES * TAIL)],
                medians[(int) (RESAMPLES * (1 - TAIL)) - 1],
                ahead,
                ratios.length);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f to %.2f, ahead in %d of %d)",
                median,
                low,
                high,
                ahead,
                rounds);
    }
}
