package io.tuli.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of {@code docs/performance.md}. None says how long it warms up: all follow the method.
 *
 * @param name of its marks on the page
 * @param work the benchmark it comes from
 * @param arguments its command line: the benchmark, and options
 * @param columns of its results; none for the tables of a comparison
 */
record Section(String name, String work, List<String> arguments, List<String> columns) {

    /** In the order of the page. */
    static final List<Section> ALL =
            List.of(
                    of("compare", "compare --size 100 --heap 1g", ""),
                    of(
                            "sizes",
                            "compare --size 10,1000 --peers raw,fero,redis,nats --seconds 2",
                            ""),
                    of("encryption", "compare --size 100 --peers tls", ""),
                    of("replicated", "compare --work replicated --count 200000 --warmup 40", ""),
                    of(
                            "latency",
                            "latency --rounds 1",
                            "system loop p50Micros p90Micros p99Micros p999Micros maxMicros"
                                    + " cpuMicrosPerMessage"),
                    of(
                            "cold",
                            "cold --rounds 3",
                            "work processes perSecond p50Micros p99Micros cpuMicrosPerMessage"
                                    + " clientBytesPerMessage serverBytesPerMessage"),
                    of(
                            "startup",
                            "startup --rounds 5",
                            "who starts joinMillis usableMillis processMillis processMaxMillis"),
                    of(
                            "overload",
                            "overload --rounds 3",
                            "work peakPerSecond perSecond ofPeak refused heldBack failed"
                                    + " refusalP99Millis p99Micros liveMiBBefore liveMiBAfter"),
                    of("replica", "replica --rounds 3", "keys execToSyncMillis useToSyncMillis"),
                    of(
                            "killed",
                            "killed --rounds 3",
                            "keysPaused firstMillis medianMillis lastMillis acknowledged failed"
                                    + " lost"),
                    of(
                            "fanout",
                            "fanout --keys 200000 --count 600000 --rounds 5",
                            "clients deliveriesPerSecond cpuMicrosPerDelivery"),
                    of("memory", "memory", "keys bytesPerKey"),
                    sweep("clients", ""),
                    sweep("services", ""),
                    sweep("keys", " bytesPerKey"),
                    sweep("members", ""));

    private static Section of(String name, String command, String columns) {
        List<String> words = words(command);
        return new Section(name, words.getFirst(), words, words(columns));
    }

    private static Section sweep(String over, String more) {
        return of(
                "sweep-" + over,
                "sweep --rounds 3 --over " + over,
                over
                        + " work perSecond ofFirst cpuMicrosPerMessage clientBytesPerMessage"
                        + " serverBytesPerMessage"
                        + more);
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.removeIf(String::isEmpty);
        return words;
    }

    /** Whether a word of the command line means this: {@code sweep} means all four of them. */
    boolean isMeantBy(String word) {
        return name.equals(word) || name.startsWith(word + "-");
    }
}
