package io.tuli.swarm;

/**
 * What every seed of a swarm has, which otherwise only some draw, or none. A seed's run is another
 * one with it.
 *
 * @param folds whether another service folds the workload's
 * @param splits whether the network may split, and so nobody is killed
 * @param hostile whether there is an {@link Adversary}; then every second seed that does not split
 *     has no other fault
 * @param events whether handlers tell events, see {@link ToldEvents}
 * @param durable whether what is written is kept on disk, and members come back with it
 */
public record Always(
        boolean folds, boolean splits, boolean hostile, boolean events, boolean durable) {

    /** With nothing on disk. */
    public Always(boolean folds, boolean splits, boolean hostile, boolean events) {
        this(folds, splits, hostile, events, false);
    }

    /** Without events but where a seed has them. */
    public Always(boolean folds, boolean splits, boolean hostile) {
        this(folds, splits, hostile, false);
    }

    /** Each seed has what it draws. */
    public static final Always NOTHING = new Always(false, false, false);

    /** The same, and somebody sends what nobody meant. */
    Always withAnAdversary() {
        return new Always(folds, splits, true, events, durable);
    }

    /** The same on disk. */
    Always withDisks() {
        return new Always(folds, splits, hostile, events, true);
    }

    /** As options of {@code ./tuli sim}, each with a space before it. */
    String options() {
        return (folds ? " --folds" : "")
                + (splits ? " --splits" : "")
                + (hostile ? " --hostile" : "")
                + (events ? " --events" : "")
                + (durable ? " --durable" : "");
    }
}
