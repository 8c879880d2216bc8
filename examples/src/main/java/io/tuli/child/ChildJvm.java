package io.tuli.child;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How this process starts another JVM with its own classes. Stateless. */
public final class ChildJvm {

    private static final int JDK_THAT_WARNS_OF_UNSAFE = 24;
    private static final Pattern START_UP_CACHE =
            Pattern.compile("-XX:(AOTCache|SharedArchiveFile)=.*|-Xlog:(aot|cds)[*]?=off");

    private ChildJvm() {}

    /** The command line of a class's {@code main}. */
    public static List<String> command(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(startUpCache());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    /** Small and quick to start, as there are several on one machine; no warnings of the JVM. */
    public static List<String> flags() {
        List<String> flags = new ArrayList<>();
        flags.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        flags.add("--enable-native-access=ALL-UNNAMED");
        if (Runtime.version().feature() >= JDK_THAT_WARNS_OF_UNSAFE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        flags.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
        flags.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");
        return flags;
    }

    /** Where this JVM started from a cache of loaded classes, so do its children. */
    private static List<String> startUpCache() {
        List<String> own =
                List.of(ProcessHandle.current().info().arguments().orElse(new String[0]));
        return own.stream().filter(flag -> START_UP_CACHE.matcher(flag).matches()).toList();
    }
}
