package io.tuli.inspect;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.agreement.KeptRing;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.error.Nearest;
import io.tuli.protocol.ServiceSpec;
import io.tuli.staging.Notes;
import io.tuli.staging.Rescue;
import io.tuli.storage.Salvage;
import io.tuli.terminal.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What changes a directory: it is repaired or adopted by putting another node's in its place and
 * moving it aside, or an operator's word is noted in it. One thread.
 */
final class LogRescue {

    private static final int SHOWN_MOST = 20;
    private static final int HEXADECIMAL = 16;

    private final Invocation tuli;
    private final Path directory;
    private final Rescue rescue;
    private final Map<String, Object> facts = new LinkedHashMap<>();

    LogRescue(Invocation tuli, Path directory) throws IOException {
        this.tuli = tuli;
        this.directory = directory;
        this.rescue = Rescue.of(directory);
    }

    /** Says what is lost, and where that is accepted goes on with the rest. */
    Exit repair(boolean isAccepted) throws IOException {
        facts.put("isWhole", rescue.holes().isEmpty());
        if (rescue.holes().isEmpty()) {
            say("whole: there is nothing to repair");
            return told(Exit.OK);
        }
        say("damaged:");
        shown("holes", rescue.holes().stream().map(Salvage.Hole::toString).toList());
        Map<Integer, String> names = names();
        List<String> shortened = new ArrayList<>();
        for (Rescue.Shortened each : rescue.shortened()) {
            shortened.add(
                    names.getOrDefault(each.service(), String.format("%08x", each.service()))
                            + "/"
                            + each.partition()
                            + " ends at "
                            + each.end()
                            + ", entries known to be lost: "
                            + each.missing());
        }
        shown("shortened", shortened);
        facts.put("partitions", rescue.partitions());
        say(
                "partitions that have something: "
                        + rescue.partitions()
                        + ". What else was written in the missing blocks nobody can tell.");
        if (!isAccepted) {
            say(
                    "Nothing was changed. Where another server has the services, name an empty"
                            + " directory instead: it is filled from there. To go on with what is"
                            + " left, say --yes.");
            return told(Exit.FAILED);
        }
        replace();
        return told(Exit.OK);
    }

    /** An old copy becomes another node, for which nobody waits. */
    Exit adopt() throws IOException {
        if (!rescue.holes().isEmpty()) {
            throw refused("what is adopted is whole: see tuli log repair: " + rescue.holes());
        }
        replace();
        return told(Exit.OK);
    }

    private void replace() throws IOException {
        Path aside = rescue.replace();
        String node = String.format("%016x", Rescue.of(directory).id().node());
        String before = String.format("%016x", rescue.id().node());
        facts.put("node", node);
        facts.put("before", before);
        facts.put("aside", aside.toString());
        say(
                directory
                        + " is another node now, "
                        + node
                        + ": what it has is merged with what others have. What was there is in "
                        + aside);
        say(
                "Where others wait for node "
                        + before
                        + ", give it up there: tuli log accept --without it.");
    }

    /** Notes that nobody waits for those nodes any more. */
    Exit accept(List<String> without) throws IOException {
        if (without.isEmpty()) {
            throw refused("say whom to go on without: --without <node>");
        }
        Map<String, KeptRing> rings = rings();
        Set<String> known = new TreeSet<>();
        rings.values()
                .forEach(
                        ring ->
                                ring.servers().stream()
                                        .map(server -> server.id().node())
                                        .filter(node -> node != rescue.id().node())
                                        .map(node -> String.format("%016x", node))
                                        .forEach(known::add));
        Set<Long> nodes = new HashSet<>();
        for (String text : without) {
            for (String node : text.split(",")) {
                if (!known.contains(node)) {
                    throw refused(
                            "a node to go on without is one that this one knew last, but not"
                                    + " itself: "
                                    + node
                                    + " known="
                                    + known
                                    + Nearest.question(node, known));
                }
                nodes.add(Long.parseUnsignedLong(node, HEXADECIMAL));
            }
        }
        Map<String, byte[]> changed = new HashMap<>();
        Set<String> services = new TreeSet<>();
        rings.forEach(
                (service, ring) -> {
                    if (ring.servers().stream()
                            .anyMatch(each -> nodes.contains(each.id().node()))) {
                        KeptRing left = ring.without(nodes, "tuli log accept");
                        changed.put(Notes.RING + service, left.form());
                        services.add(service);
                    }
                });
        Rescue.note(directory, rescue.id(), changed);
        facts.put("services", services);
        facts.put("without", nodes.stream().map("%016x"::formatted).sorted().toList());
        say("services that go on without " + String.join(",", without) + ": " + services);
        return told(Exit.OK);
    }

    private Map<String, KeptRing> rings() {
        Map<String, KeptRing> rings = new TreeMap<>();
        rescue.notes()
                .forEach(
                        (key, value) -> {
                            if (key.startsWith(Notes.RING)) {
                                String service = key.substring(Notes.RING.length());
                                rings.put(service, KeptRing.read(value));
                            }
                        });
        return rings;
    }

    private Map<Integer, String> names() {
        Map<Integer, String> names = new HashMap<>();
        for (String key : rescue.notes().keySet()) {
            if (key.startsWith(Notes.SERVICE)) {
                String service = key.substring(Notes.SERVICE.length());
                names.put(ServiceSpec.numberOf(service), service);
            }
        }
        return names;
    }

    private void shown(String fact, List<String> lines) {
        facts.put(fact, lines);
        lines.stream().limit(SHOWN_MOST).forEach(line -> say("  " + line));
        if (lines.size() > SHOWN_MOST) {
            say("  and " + (lines.size() - SHOWN_MOST) + " more");
        }
    }

    private void say(String line) {
        if (!tuli.isJson()) {
            tuli.terminal().line(line);
        }
    }

    /** In JSON there is one object, of all that was found and done. */
    private Exit told(Exit exit) {
        if (tuli.isJson()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("ok", exit == Exit.OK);
            object.putAll(facts);
            tuli.terminal().line(Json.of(object));
        }
        return exit;
    }

    private static TuliException refused(String why) {
        return new TuliException(Failure.BAD_REQUEST, why);
    }
}
