package io.tuli.demo;

/**
 * The document of an airport: what its departures add up to. Adding a flight twice or never gives
 * another sum, so it is only right if each was folded in exactly once.
 *
 * @param flights departures
 * @param delayed those more than 15 minutes late
 * @param totalMinutes sum of their delays, early ones counted as negative
 * @param maxMinutes the longest delay
 */
record Delays(int flights, int delayed, long totalMinutes, int maxMinutes) {

    static final Delays NONE = new Delays(0, 0, 0, Integer.MIN_VALUE);

    Delays plus(Flight flight) {
        return new Delays(
                flights + 1,
                delayed + (flight.wasLate() ? 1 : 0),
                totalMinutes + flight.delay(),
                Math.max(maxMinutes, flight.delay()));
    }

    double averageMinutes() {
        return flights == 0 ? 0 : (double) totalMinutes / flights;
    }
}
