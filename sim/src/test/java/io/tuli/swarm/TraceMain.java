package io.tuli.swarm;

/** Prints the trace hash of one seed, for a JVM to compare with its own. */
final class TraceMain {

    private TraceMain() {}

    public static void main(String[] args) {
        System.out.println(Long.toHexString(hash(Long.parseLong(args[0]))));
    }

    static long hash(long seed) {
        return SwarmRun.of(seed).traceHash();
    }
}
