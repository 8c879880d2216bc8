package io.tuli.run;

import io.tuli.measure.Usage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * What one round did, and what it cost at both ends. A figure that nobody could take is not a
 * number here and null in JSON: percentiles where messages are not answered one by one, allocation
 * where a process is no JVM of ours.
 *
 * @param cpuMicrosPerMessage of all processes of the system, in user mode and in the kernel
 * @param machineMicrosPerMessage of the whole machine, whoever else was busy included
 * @param callsPerMessage reads and writes, counted by the kernel; waiting is not among them
 * @param switchesPerMessage of context
 * @param clientBytesPerMessage allocated on the client's heap
 * @param serverBytesPerMessage allocated on all servers' heaps
 */
public record Measured(
        double perSecond,
        double p50Micros,
        double p99Micros,
        double cpuMicrosPerMessage,
        double machineMicrosPerMessage,
        double callsPerMessage,
        double switchesPerMessage,
        double clientBytesPerMessage,
        double serverBytesPerMessage) {

    private static final double MICROS = 1e3;

    static Measured of(JsonNode sample, Usage usage, double serverBytes) {
        double count = sample.get("count").asDouble();
        return new Measured(
                count / sample.get("nanos").asDouble() * 1e9,
                known(sample, "p50Nanos", 1) / MICROS,
                known(sample, "p99Nanos", 1) / MICROS,
                usage.cpuMicros() / count,
                usage.machineMicros() / count,
                usage.calls() / count,
                usage.switches() / count,
                known(sample, "allocatedBytes", 0) / count,
                serverBytes / count);
    }

    /** Nothing takes no time at all, and nobody allocates less than nothing. */
    private static double known(JsonNode sample, String name, long least) {
        long value = sample.get(name).asLong();
        return value < least ? Double.NaN : value;
    }

    /** Each figure the median of the rounds'. */
    public static Measured median(List<Measured> rounds) {
        return new Measured(
                median(rounds, Measured::perSecond),
                median(rounds, Measured::p50Micros),
                median(rounds, Measured::p99Micros),
                median(rounds, Measured::cpuMicrosPerMessage),
                median(rounds, Measured::machineMicrosPerMessage),
                median(rounds, Measured::callsPerMessage),
                median(rounds, Measured::switchesPerMessage),
                median(rounds, Measured::clientBytesPerMessage),
                median(rounds, Measured::serverBytesPerMessage));
    }

    public static <T> double median(List<T> values, ToDoubleFunction<T> figure) {
        double[] sorted = values.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The figures by name, for JSON. */
    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("perSecond", Math.round(perSecond));
        figures.put("p50Micros", rounded(p50Micros));
        figures.put("p99Micros", rounded(p99Micros));
        figures.put("cpuMicrosPerMessage", rounded(cpuMicrosPerMessage));
        figures.put("machineMicrosPerMessage", rounded(machineMicrosPerMessage));
        figures.put("callsPerMessage", rounded(callsPerMessage));
        figures.put("switchesPerMessage", rounded(switchesPerMessage));
        figures.put("clientBytesPerMessage", rounded(clientBytesPerMessage));
        figures.put("serverBytesPerMessage", rounded(serverBytesPerMessage));
        return figures;
    }

    private static Object rounded(double value) {
        return Double.isNaN(value) ? NullNode.getInstance() : Math.round(value * 1e4) / 1e4;
    }
}
