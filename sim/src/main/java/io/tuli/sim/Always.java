package io.tuli.sim;

/**
 * What every seed of a swarm has, which otherwise only some draw, or none. A seed's run is another
 * one with it.
 *
 * @param folds whether another service folds the workload's
 * @param splits whether the network may split, and so nobody is killed
 * @param hostile whether there is an {@link Adversary}; then every second seed that does not split
 *     has no other fault
 */
public record Always(boolean folds, boolean splits, boolean hostile) {

    /** Each seed has what it draws. */
    public static final Always NOTHING = new Always(false, false, false);

    /** Somebody sends what nobody meant. */
    static final Always HOSTILE = new Always(false, false, true);

    /** What either has. */
    Always and(Always other) {
        return new Always(folds || other.folds, splits || other.splits, hostile || other.hostile);
    }

    /** As options of {@code ./tuli sim}, each with a space before it. */
    String options() {
        return (folds ? " --folds" : "")
                + (splits ? " --splits" : "")
                + (hostile ? " --hostile" : "");
    }
}
