package io.tuli.demo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the members' copies, found by comparing every value on every member with what
 * follows from the file itself. A pure function; nothing here asks the mesh.
 *
 * @param lost acknowledged flights that at least one member does not hold
 * @param duplicated flights that at least one member holds more than once, or that nobody sent
 * @param airportsWrong airports whose sums are not those of the file on at least one member
 * @param divergentReplicas copies that are not what most members hold, or whose digest is not
 * @param remarks the first findings, for people
 */
record Audit(
        int lost, int duplicated, int airportsWrong, int divergentReplicas, List<String> remarks) {

    private static final int REMARKS_MAX = 10;

    Audit {
        remarks = List.copyOf(remarks);
    }

    boolean isClean() {
        return lost == 0 && duplicated == 0 && airportsWrong == 0 && divergentReplicas == 0;
    }

    /**
     * Compares.
     *
     * @param file the flights as they were to be sent; each one's number is its index
     * @param acknowledged numbers of the flights whose call ended OK
     * @param views what each member holds
     * @param digests by service, then by member, as the members themselves report them
     */
    static Audit of(
            List<Flight> file,
            BitSet acknowledged,
            List<ReplicaView> views,
            Map<String, Map<String, Long>> digests) {
        Finder finder = new Finder(file, acknowledged);
        views.forEach(finder::checkFlights);
        views.forEach(finder::checkAirports);
        finder.checkEqual(FlightService.NAME, contents(views, true), digests);
        finder.checkEqual(AirportService.NAME, contents(views, false), digests);
        return finder.audit();
    }

    /** What every airport's sums must be. */
    static Map<String, Delays> recompute(List<Flight> file) {
        Map<String, Delays> airports = new TreeMap<>();
        for (Flight flight : file) {
            airports.merge(
                    flight.origin(), Delays.NONE.plus(flight), (sums, one) -> sums.plus(flight));
        }
        return airports;
    }

    private static Map<String, Object> contents(List<ReplicaView> views, boolean isFlights) {
        Map<String, Object> contents = new TreeMap<>();
        views.forEach(v -> contents.put(v.member(), isFlights ? v.flights() : v.airports()));
        return contents;
    }

    private static final class Finder {
        private final List<Flight> file;
        private final BitSet acknowledged;
        private final Map<String, Delays> expected;
        private final Set<Integer> lost = new TreeSet<>();
        private final Set<Flight> duplicated = new java.util.HashSet<>();
        private final Set<String> airportsWrong = new TreeSet<>();
        private final Set<String> divergent = new TreeSet<>();
        private final List<String> remarks = new ArrayList<>();

        Finder(List<Flight> file, BitSet acknowledged) {
            this.file = file;
            this.acknowledged = acknowledged;
            this.expected = recompute(file);
        }

        void checkFlights(ReplicaView view) {
            BitSet seen = new BitSet(file.size());
            view.flights()
                    .forEach(
                            (route, flights) ->
                                    flights.forEach(f -> checkFlight(view, route, f, seen)));
            for (int i = acknowledged.nextSetBit(0); i >= 0; i = acknowledged.nextSetBit(i + 1)) {
                if (!seen.get(i)) {
                    lost.add(i);
                    remark("%s: lost acknowledged %s", view.member(), file.get(i));
                }
            }
        }

        private void checkFlight(ReplicaView view, String route, Flight flight, BitSet seen) {
            boolean isSent =
                    flight.number() < file.size()
                            && file.get(flight.number()).equals(flight)
                            && flight.route().equals(route);
            if (!isSent || seen.get(flight.number())) {
                duplicated.add(flight);
                String what = isSent ? "twice" : "never sent";
                remark("%s: %s, at %s: %s", view.member(), what, route, flight);
            }
            if (isSent) {
                seen.set(flight.number());
            }
        }

        void checkAirports(ReplicaView view) {
            Set<String> codes = new TreeSet<>(expected.keySet());
            codes.addAll(view.airports().keySet());
            for (String code : codes) {
                Delays found = view.airports().get(code);
                if (!Objects.equals(found, expected.get(code))) {
                    airportsWrong.add(code);
                    remark("%s: %s is %s, not %s", view.member(), code, found, expected.get(code));
                }
            }
        }

        void checkEqual(
                String service,
                Map<String, Object> contents,
                Map<String, Map<String, Long>> digests) {
            Map<String, Long> reported = digests.getOrDefault(service, Map.of());
            compare(service, "content", contents.keySet(), contents);
            compare(service, "digest", contents.keySet(), reported);
        }

        private void compare(
                String service, String what, Set<String> members, Map<String, ?> values) {
            Map<Object, Integer> votes = new HashMap<>();
            values.values().forEach(value -> votes.merge(value, 1, Integer::sum));
            if (votes.isEmpty()) {
                members.forEach(member -> divergent.add(member + "/" + service));
                remark("nobody told its %s of %s", what, service);
                return;
            }
            Object most = Collections.max(votes.entrySet(), Map.Entry.comparingByValue()).getKey();
            for (String member : members) {
                if (!most.equals(values.get(member))) {
                    divergent.add(member + "/" + service);
                    remark("%s: %s of %s is not what most have", member, what, service);
                }
            }
        }

        private void remark(String format, @Nullable Object... facts) {
            if (remarks.size() < REMARKS_MAX) {
                remarks.add(format.formatted(facts));
            }
        }

        Audit audit() {
            return new Audit(
                    lost.size(),
                    duplicated.size(),
                    airportsWrong.size(),
                    divergent.size(),
                    remarks);
        }
    }
}
