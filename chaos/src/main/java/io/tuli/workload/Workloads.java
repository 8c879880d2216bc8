package io.tuli.workload;

import io.tuli.error.Nearest;
import java.util.List;

/** The workloads there are, by name. */
public final class Workloads {

    static final List<String> NAMES =
            List.of("set", "log", "counter", "dedup", "watch", "register");

    private Workloads() {}

    /**
     * The workload of that name.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static Workload named(String name) {
        return switch (name) {
            case "set" -> new SetWorkload();
            case "log" -> new LogWorkload();
            case "counter" -> new CounterWorkload();
            case "dedup" -> new DedupWorkload();
            case "watch" -> new WatchWorkload();
            case "register" -> new RegisterWorkload();
            default ->
                    throw new IllegalArgumentException(
                            "there is no workload \"%s\"%s; there are %s"
                                    .formatted(name, Nearest.question(name, NAMES), NAMES));
        };
    }
}
