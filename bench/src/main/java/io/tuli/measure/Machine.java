package io.tuli.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a benchmark ran, in words that name no host. */
public final class Machine {

    private static final Path CONGESTION = Path.of("/proc/sys/net/ipv4/tcp_congestion_control");

    private Machine() {}

    public static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("architecture", System.getProperty("os.arch"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put(
                "jvm",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("congestionControl", first(CONGESTION));
        facts.put("loadBefore", first(Path.of("/proc/loadavg")));
        return facts;
    }

    private static String first(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException none) {
            return "unknown";
        }
    }
}
