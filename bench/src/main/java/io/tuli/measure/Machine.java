package io.tuli.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Where a benchmark ran, in words that name no host. */
public final class Machine {

    private static final Path CONGESTION = Path.of("/proc/sys/net/ipv4/tcp_congestion_control");

    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";

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

    /** What can still be used without taking it from somebody; all there is where none can say. */
    public static long availableBytes() {
        try (Stream<String> lines = Files.lines(MEMORY)) {
            return lines.filter(line -> line.startsWith(AVAILABLE))
                    .mapToLong(line -> bytes(line.substring(AVAILABLE.length()).strip()))
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException | UncheckedIOException none) {
            return Long.MAX_VALUE;
        }
    }

    /** Bytes of {@code 512m}, {@code 2g}, or {@code 24684096 kB}. */
    public static long bytes(String text) {
        int end = 0;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        String unit = text.substring(end).strip().toLowerCase(Locale.ROOT);
        int shift = unit.isEmpty() ? 0 : 10 * ("kmg".indexOf(unit.charAt(0)) + 1);
        return Long.parseLong(text.substring(0, end)) << shift;
    }

    private static String first(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException none) {
            return "unknown";
        }
    }
}
