package io.tuli.sim;

/**
 * What every seed of a swarm has, which otherwise only some draw. A seed's run is another one with
 * it.
 *
 * @param folds whether another service folds the workload's
 * @param splits whether the network may split, and so nobody is killed
 */
public record Always(boolean folds, boolean splits) {

    /** Each seed has what it draws. */
    public static final Always NOTHING = new Always(false, false);

    /** As options of {@code ./tuli sim}, each with a space before it. */
    String options() {
        return (folds ? " --folds" : "") + (splits ? " --splits" : "");
    }
}
