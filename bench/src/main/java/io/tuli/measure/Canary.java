package io.tuli.measure;

/**
 * A fixed piece of arithmetic: how long it takes says how busy the machine is with other things.
 */
public final class Canary {

    private static final int STEPS = 20_000_000;

    private Canary() {}

    /** About 20 ms where nobody else is busy. */
    public static long nanos() {
        long began = System.nanoTime();
        long state = 88_172_645_463_325_252L;
        for (int i = 0; i < STEPS; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
        }
        long nanos = System.nanoTime() - began;
        return state == 0 ? 0 : nanos;
    }
}
