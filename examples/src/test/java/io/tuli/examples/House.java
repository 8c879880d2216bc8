package io.tuli.examples;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The floors of the house: a package imports from lower levels only, never from its own level or
 * from above. So there can be no circle, and packages on one level do not know each other.
 */
record House(Map<String, Integer> levels) {
    /** The table of DESIGN and ARCHITECTURE. A new package gets its line here first. */
    static final House TULI =
            new House(
                    Map.ofEntries(
                            Map.entry("io.tuli.arrival", -1),
                            Map.entry("io.tuli.error", -2),
                            Map.entry("io.tuli.query", -1),
                            Map.entry("io.tuli.bytes", -1),
                            Map.entry("io.tuli.type", -1),
                            Map.entry("io.tuli", 0),
                            Map.entry("io.tuli.ring", 1),
                            Map.entry("io.tuli.log", 1),
                            Map.entry("io.tuli.check", 1),
                            Map.entry("io.tuli.document", 2),
                            Map.entry("io.tuli.protocol", 2),
                            Map.entry("io.tuli.lifetime", 2),
                            Map.entry("io.tuli.machine", 3),
                            Map.entry("io.tuli.agreement", 3),
                            Map.entry("io.tuli.call", 3),
                            Map.entry("io.tuli.ask", 4),
                            Map.entry("io.tuli.tunnel", 3),
                            Map.entry("io.tuli.pipe", 9),
                            Map.entry("io.tuli.passage", 12),
                            Map.entry("io.tuli.interest", 3),
                            Map.entry("io.tuli.group", 4),
                            Map.entry("io.tuli.merge", 4),
                            Map.entry("io.tuli.replica", 5),
                            Map.entry("io.tuli.member", 6),
                            Map.entry("io.tuli.file", 7),
                            Map.entry("io.tuli.secret", 7),
                            Map.entry("io.tuli.wire", 7),
                            Map.entry("io.tuli.storage", 7),
                            Map.entry("io.tuli.staging", 9),
                            Map.entry("io.tuli.membership", 10),
                            Map.entry("io.tuli.codec", 7),
                            Map.entry("io.tuli.contract", 7),
                            Map.entry("io.tuli.store", 7),
                            Map.entry("io.tuli.spin", 7),
                            Map.entry("io.tuli.wall", 7),
                            Map.entry("io.tuli.hold", 7),
                            Map.entry("io.tuli.settings", 8),
                            Map.entry("io.tuli.start", 11),
                            Map.entry("io.tuli.access", 8),
                            Map.entry("io.tuli.handshake", 8),
                            Map.entry("io.tuli.socket", 8),
                            Map.entry("io.tuli.feed", 8),
                            Map.entry("io.tuli.handler", 8),
                            Map.entry("io.tuli.reply", 8),
                            Map.entry("io.tuli.transport", 9),
                            Map.entry("io.tuli.fold", 9),
                            Map.entry("io.tuli.publish", 9),
                            Map.entry("io.tuli.service", 10),
                            Map.entry("io.tuli.loop", 11),
                            Map.entry("io.tuli.roster", 11),
                            Map.entry("io.tuli.node", 12),
                            Map.entry("io.tuli.bridge", 13),
                            Map.entry("io.tuli.wiring", 12),
                            Map.entry("io.tuli.hostile", 12),
                            Map.entry("io.tuli.outage", 12),
                            Map.entry("io.tuli.workload", 12),
                            Map.entry("io.tuli.cluster", 13),
                            Map.entry("io.tuli.sim", 14),
                            Map.entry("io.tuli.planted", 14),
                            Map.entry("io.tuli.swarm", 15),
                            Map.entry("io.tuli.junit", 13),
                            Map.entry("io.tuli.agent", 13),
                            Map.entry("io.tuli.invoke", 13),
                            Map.entry("io.tuli.engine", 13),
                            Map.entry("io.tuli.header", 13),
                            Map.entry("io.tuli.channels", 14),
                            Map.entry("io.tuli.socketio", 14),
                            Map.entry("io.tuli.browser", 15),
                            Map.entry("io.tuli.reference", 17),
                            Map.entry("io.tuli.http", 14),
                            Map.entry("io.tuli.login", 14),
                            Map.entry("io.tuli.rest", 15),
                            Map.entry("io.tuli.console", 15),
                            Map.entry("io.tuli.gateway", 16),
                            Map.entry("io.tuli.metrics", 17),
                            Map.entry("io.tuli.connect", 13),
                            Map.entry("io.tuli.jdbc", 14),
                            Map.entry("io.tuli.lines", 14),
                            Map.entry("io.tuli.consistent", 13),
                            Map.entry("io.tuli.measure", 13),
                            Map.entry("io.tuli.examples", 17),
                            Map.entry("io.tuli.demo", 17),
                            Map.entry("io.tuli.child", 16),
                            Map.entry("io.tuli.todos", 17),
                            Map.entry("io.tuli.chaos", 14),
                            Map.entry("io.tuli.terminal", 14),
                            Map.entry("io.tuli.load", 14),
                            Map.entry("io.tuli.micro", 14),
                            Map.entry("io.tuli.peers", 14),
                            Map.entry("io.tuli.view", 15),
                            Map.entry("io.tuli.run", 15),
                            Map.entry("io.tuli.compare", 16),
                            Map.entry("io.tuli.web", 17),
                            Map.entry("io.tuli.bench", 18),
                            Map.entry("io.tuli.command", 16),
                            Map.entry("io.tuli.write", 17),
                            Map.entry("io.tuli.inspect", 17),
                            Map.entry("io.tuli.archive", 17),
                            Map.entry("io.tuli.cli", 19)));

    private static final int CORE_LEVEL_MAX = 6;

    House {
        levels = Map.copyOf(levels);
    }

    boolean isCore(JavaClass type) {
        return levels.getOrDefault(type.getPackageName(), Integer.MAX_VALUE) <= CORE_LEVEL_MAX;
    }

    /** Whether it is of the users' vocabulary. */
    static boolean isVocabulary(JavaClass type) {
        return type.getPackageName().equals("io.tuli");
    }

    /**
     * Whether circles of its package count: not those of the vocabulary, whose nouns speak of each
     * other.
     */
    static boolean isWithoutCircles(JavaClass type) {
        return !isVocabulary(type);
    }

    /** Where a package's own explanation, or the table of the architecture, says another level. */
    List<String> untrue(List<TextFile> files) {
        List<String> untrue = new ArrayList<>();
        for (TextFile each : files) {
            String name = nameOf(each);
            Integer level = levels.get(name);
            if (level != null && !each.text().contains("Level " + level)) {
                untrue.add(each.name() + ": say Level " + level);
            }
            if (level != null && !isInTable(files, "| " + level + " | `" + name + "`")) {
                untrue.add("ARCHITECTURE.md: say | " + level + " | `" + name + "`");
            }
        }
        return untrue;
    }

    /** The package that a file explains; empty where it explains none. */
    private static String nameOf(TextFile file) {
        boolean isExplanation = file.isMain() && file.isPackageInfo();
        return isExplanation
                ? file.directory()
                        .replaceFirst(".*src/main/java/", "")
                        .replaceFirst("/$", "")
                        .replace('/', '.')
                : "";
    }

    private static boolean isInTable(List<TextFile> files, String row) {
        return files.stream()
                .filter(file -> file.name().equals("ARCHITECTURE.md"))
                .flatMap(file -> file.text().lines())
                .anyMatch(line -> line.startsWith(row));
    }

    /** What this class imports from its own level or from above, one sentence each. */
    Stream<String> climbs(JavaClass type) {
        String from = type.getPackageName();
        if (!levels.containsKey(from)) {
            return Stream.of(from + " has no level: add it to House");
        }
        return type.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(target -> levels.containsKey(target.getPackageName()))
                .filter(target -> !target.getPackageName().equals(from))
                .filter(target -> levels.get(target.getPackageName()) >= levels.get(from))
                .map(target -> type.getName() + " may not import " + target.getName())
                .distinct();
    }
}
