package io.tuli.bench;

/**
 * What one message costs, on average.
 *
 * @param bytes allocated, by all threads of both ends
 * @param loopBytes allocated on event loops
 * @param calls reads and writes of the process; 0 where the kernel does not count them
 */
record Cost(double bytes, double loopBytes, double calls) {

    Cost least(Cost other) {
        return new Cost(
                Math.min(bytes, other.bytes),
                Math.min(loopBytes, other.loopBytes),
                Math.min(calls, other.calls));
    }

    boolean isWithin(Cost bound) {
        return bytes < bound.bytes && loopBytes <= bound.loopBytes && calls < bound.calls;
    }

    /** As {@link #toString} writes it. */
    static Cost parse(String text) {
        String[] numbers = text.split(" ");
        return new Cost(
                Double.parseDouble(numbers[0]),
                Double.parseDouble(numbers[1]),
                Double.parseDouble(numbers[2]));
    }

    @Override
    public String toString() {
        return bytes + " " + loopBytes + " " + calls;
    }
}
