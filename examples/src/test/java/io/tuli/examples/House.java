package io.tuli.examples;

import com.tngtech.archunit.core.domain.JavaClass;
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
                            Map.entry("io.tuli", 0),
                            Map.entry("io.tuli.ring", 1),
                            Map.entry("io.tuli.log", 1),
                            Map.entry("io.tuli.check", 1),
                            Map.entry("io.tuli.document", 2),
                            Map.entry("io.tuli.protocol", 2),
                            Map.entry("io.tuli.replica", 3),
                            Map.entry("io.tuli.call", 3),
                            Map.entry("io.tuli.core", 4),
                            Map.entry("io.tuli.wire", 5),
                            Map.entry("io.tuli.storage", 5),
                            Map.entry("io.tuli.membership", 5),
                            Map.entry("io.tuli.codec", 5),
                            Map.entry("io.tuli.store", 5),
                            Map.entry("io.tuli.loop", 5),
                            Map.entry("io.tuli.wall", 5),
                            Map.entry("io.tuli.settings", 5),
                            Map.entry("io.tuli.start", 6),
                            Map.entry("io.tuli.transport", 6),
                            Map.entry("io.tuli.feed", 6),
                            Map.entry("io.tuli.handler", 6),
                            Map.entry("io.tuli.reply", 6),
                            Map.entry("io.tuli.node", 7),
                            Map.entry("io.tuli.sim", 8),
                            Map.entry("io.tuli.junit", 8),
                            Map.entry("io.tuli.wiring", 7),
                            Map.entry("io.tuli.chaos", 8),
                            Map.entry("io.tuli.gateway", 8),
                            Map.entry("io.tuli.connect", 8),
                            Map.entry("io.tuli.consistent", 8),
                            Map.entry("io.tuli.examples", 9),
                            Map.entry("io.tuli.demo", 9),
                            Map.entry("io.tuli.terminal", 9),
                            Map.entry("io.tuli.view", 10),
                            Map.entry("io.tuli.measure", 8),
                            Map.entry("io.tuli.load", 9),
                            Map.entry("io.tuli.micro", 9),
                            Map.entry("io.tuli.peers", 9),
                            Map.entry("io.tuli.bench", 10),
                            Map.entry("io.tuli.cli", 11)));

    private static final int CORE_LEVEL_MAX = 4;

    House {
        levels = Map.copyOf(levels);
    }

    boolean isCore(JavaClass type) {
        return levels.getOrDefault(type.getPackageName(), Integer.MAX_VALUE) <= CORE_LEVEL_MAX;
    }

    boolean isGroundFloor(JavaClass type) {
        return levels.getOrDefault(type.getPackageName(), Integer.MAX_VALUE) == 0;
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
