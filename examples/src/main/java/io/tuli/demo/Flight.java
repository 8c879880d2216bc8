package io.tuli.demo;

/**
 * One real flight.
 *
 * @param number its place in the file, from 0: what makes it unique
 * @param date day and time of departure, as the file says it
 * @param delay minutes late; negative when early
 * @param distance miles
 * @param origin airport of departure, three letters
 * @param destination airport of arrival, three letters
 */
record Flight(int number, String date, int delay, int distance, String origin, String destination) {

    private static final int LATE_MINUTES = 15;

    Flight {
        if (number < 0) {
            throw new IllegalArgumentException("a flight's number must be >= 0: " + number);
        }
    }

    /** What the service of flights is keyed by. */
    String route() {
        return origin + "-" + destination;
    }

    boolean wasLate() {
        return delay > LATE_MINUTES;
    }
}
