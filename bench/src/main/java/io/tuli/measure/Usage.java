package io.tuli.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What processes have used so far, from {@code /proc}; zeros where there is none. The difference of
 * two is what they used in between.
 *
 * @param cpuTicks of the processes, in user mode and in the kernel, 100 a second
 * @param machineTicks of everything on this machine, interrupts and the kernel's own work included
 * @param calls of read and write and their kin; neither waiting (epoll, futex) nor send and receive
 *     are counted by the kernel
 * @param switches of context, voluntary and not, of all threads that are there
 */
public record Usage(long cpuTicks, long machineTicks, long calls, long switches) {

    private static final int TICK_MICROS = 10_000;
    private static final Path PROC = Path.of("/proc");

    public static Usage of(List<Long> pids) {
        long cpu = 0;
        long calls = 0;
        long switches = 0;
        for (long pid : pids) {
            Path process = PROC.resolve(Long.toString(pid));
            cpu += cpuTicksOf(process);
            calls +=
                    field(process.resolve("io"), "syscr:") + field(process.resolve("io"), "syscw:");
            switches += switchesOf(process);
        }
        return new Usage(cpu, ticksOfMachine(), calls, switches);
    }

    public Usage minus(Usage earlier) {
        return new Usage(
                cpuTicks - earlier.cpuTicks,
                machineTicks - earlier.machineTicks,
                calls - earlier.calls,
                switches - earlier.switches);
    }

    public long cpuMicros() {
        return cpuTicks * TICK_MICROS;
    }

    public long machineMicros() {
        return machineTicks * TICK_MICROS;
    }

    /** User and system time: the 14th and 15th field, counted behind the name, which has blanks. */
    private static long cpuTicksOf(Path process) {
        String text = text(process.resolve("stat"));
        String[] fields = text.substring(text.lastIndexOf(')') + 1).trim().split(" ");
        return fields.length < 13 ? 0 : Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** All but idle, waiting for disks, stolen and guests. */
    private static long ticksOfMachine() {
        String[] fields = text(PROC.resolve("stat")).split("\n", 2)[0].trim().split(" +");
        if (fields.length < 8) {
            return 0;
        }
        return Arrays.stream(new int[] {1, 2, 3, 6, 7})
                .mapToLong(each -> Long.parseLong(fields[each]))
                .sum();
    }

    private static long switchesOf(Path process) {
        long sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                Path status = task.resolve("status");
                sum += field(status, "voluntary_ctxt_switches:");
                sum += field(status, "nonvoluntary_ctxt_switches:");
            }
        } catch (IOException ended) {
            return sum;
        }
        return sum;
    }

    private static long field(Path file, String name) {
        return text(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).trim()))
                .findFirst()
                .orElse(0);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            return "";
        }
    }
}
