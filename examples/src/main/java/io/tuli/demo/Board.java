package io.tuli.demo;

import io.tuli.demo.Scene.MemberRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sets a scene as text, at most 80 columns wide. Pure. */
final class Board {

    private static final int AIRPORTS = 10;
    private static final int NAME_COLUMNS = 32;
    private static final int NEWS_MAX = 3;

    private final Ink ink;
    private final Map<String, String> airportNames;

    Board(Ink ink, Map<String, String> airportNames) {
        this.ink = ink;
        this.airportNames = airportNames;
    }

    /** The whole scene. */
    List<String> table(Scene scene) {
        List<String> lines = new ArrayList<>();
        lines.add(ink.bold(scene.title()));
        lines.add(progress(scene));
        lines.add("");
        lines.add(
                ink.dim(
                        "%-10s%8s  %-9s%13s%10s%9s%6s  %s"
                                .formatted(
                                        "MEMBER",
                                        "PID",
                                        "STATE",
                                        "OWNED F + A",
                                        "FOLLOWED",
                                        "COMMITS",
                                        "LAG",
                                        "DIGEST")));
        long usual = usualDigest(scene.members());
        scene.members().forEach(member -> lines.add(row(member, usual)));
        lines.add("");
        lines.add(
                ink.dim(
                        "%-37s%8s%8s%8s%8s%9s"
                                .formatted(
                                        "MOST DELAYED AIRPORTS",
                                        "FLIGHTS",
                                        "LATE",
                                        "AVERAGE",
                                        "LONGEST",
                                        "MINUTES")));
        scene.mostDelayed(AIRPORTS).forEach(airport -> lines.add(row(airport)));
        int first = Math.max(0, scene.news().size() - NEWS_MAX);
        scene.news().subList(first, scene.news().size()).forEach(news -> lines.add("* " + news));
        return lines;
    }

    private String progress(Scene scene) {
        return "%s %,8d flights %,7d/s   longest gap %,6d ms"
                .formatted(
                        ink.bar(26, scene.progress()),
                        scene.acknowledged(),
                        scene.perSecond(),
                        scene.longestGapMillis());
    }

    private static long usualDigest(List<MemberRow> members) {
        Map<Long, Long> votes =
                members.stream()
                        .filter(MemberRow::isPresent)
                        .map(MemberRow::digest)
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return votes.isEmpty()
                ? 0
                : Collections.max(votes.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    private String row(MemberRow member, long usualDigest) {
        String start = "%-10s%8d  %-9s".formatted(member.name(), member.pid(), member.state());
        if (!member.isPresent()) {
            return ink.dim(start);
        }
        String digest = "%08x".formatted((int) (member.digest() >>> 32));
        return start
                + "%13s%10d%,9d%,6d  "
                        .formatted(
                                member.flightsOwned() + " + " + member.airportsOwned(),
                                member.follows(),
                                member.commits(),
                                member.lag())
                + (member.digest() == usualDigest ? ink.good(digest) : digest);
    }

    private String row(Map.Entry<String, Delays> airport) {
        String code = airport.getKey();
        Delays sums = airport.getValue();
        return "%-4s %s%,8d%6.1f %%%8.1f%8d%,9d"
                .formatted(
                        code,
                        fitted(airportNames.getOrDefault(code, "")),
                        sums.flights(),
                        100.0 * sums.delayed() / sums.flights(),
                        sums.averageMinutes(),
                        sums.maxMinutes(),
                        sums.totalMinutes());
    }

    private static String fitted(String name) {
        String cut =
                name.length() <= NAME_COLUMNS ? name : name.substring(0, NAME_COLUMNS - 1) + "…";
        return cut + " ".repeat(NAME_COLUMNS - cut.length());
    }

    /** The scene in one line, for output that cannot be painted over. */
    String line(Scene scene, long seconds) {
        String owned =
                scene.members().stream()
                        .filter(MemberRow::isPresent)
                        .map(member -> member.name() + " " + member.flightsOwned())
                        .collect(Collectors.joining(", "));
        String delayed =
                scene.mostDelayed(1).stream()
                        .map(
                                airport ->
                                        "   most delayed %s %,d min"
                                                .formatted(
                                                        airport.getKey(),
                                                        airport.getValue().totalMinutes()))
                        .collect(Collectors.joining());
        return "%3d s%,8d flights%,7d/s   owned: %s%s"
                .formatted(seconds, scene.acknowledged(), scene.perSecond(), owned, delayed);
    }
}
