package io.tuli.demo;

import io.tuli.ServiceReport;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One moment of the demonstration, to be shown.
 *
 * @param title what runs
 * @param progress share of the flights that is through, 0 to 1
 * @param acknowledged flights acknowledged so far
 * @param perSecond acknowledged in the last second
 * @param longestGapMillis longest time between acknowledged writes so far
 * @param members a row each
 * @param airports the sums so far, by code
 * @param news what happened, oldest first
 */
record Scene(
        String title,
        double progress,
        int acknowledged,
        long perSecond,
        long longestGapMillis,
        List<MemberRow> members,
        Map<String, Delays> airports,
        List<String> news) {

    /** The airports with the largest sums of delay, largest first. */
    List<Map.Entry<String, Delays>> mostDelayed(int count) {
        Comparator<Map.Entry<String, Delays>> byTotal =
                Comparator.comparingLong(airport -> -airport.getValue().totalMinutes());
        return airports.entrySet().stream()
                .sorted(byTotal.thenComparing(Map.Entry::getKey))
                .limit(count)
                .toList();
    }

    /**
     * A member, as it reported last.
     *
     * @param name for people
     * @param pid its process
     * @param state ready, syncing, leaving; silent when it did not answer; or starting, left,
     *     killed
     * @param isPresent whether it still counts
     * @param flightsOwned partitions of the service of flights
     * @param airportsOwned partitions of the service of airports
     * @param follows partitions of both that it follows
     * @param commits entries of both
     * @param lag committed entries it knows of and has not applied
     * @param digest of its copy of the flights
     */
    record MemberRow(
            String name,
            long pid,
            String state,
            boolean isPresent,
            int flightsOwned,
            int airportsOwned,
            int follows,
            long commits,
            long lag,
            long digest) {

        static MemberRow of(
                MemberProcess member, ServiceReport ofFlights, ServiceReport ofAirports) {
            return new MemberRow(
                    member.name(),
                    member.pid(),
                    ofFlights.state(),
                    true,
                    ofFlights.owned(),
                    ofAirports.owned(),
                    ofFlights.replicas() + ofAirports.replicas(),
                    ofFlights.commits() + ofAirports.commits(),
                    ofFlights.lag() + ofAirports.lag(),
                    ofFlights.digest());
        }

        static MemberRow absent(MemberProcess member, String state) {
            return new MemberRow(member.name(), member.pid(), state, false, 0, 0, 0, 0, 0, 0);
        }

        /** What it reported last, marked as such. */
        MemberRow silent() {
            return new MemberRow(
                    name,
                    pid,
                    "silent",
                    isPresent,
                    flightsOwned,
                    airportsOwned,
                    follows,
                    commits,
                    lag,
                    digest);
        }
    }
}
