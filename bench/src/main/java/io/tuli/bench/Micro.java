package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.run.BenchException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs JMH, whose libraries are not among the command line's, in a process of its own. */
final class Micro {

    private Micro() {}

    /** The words are JMH's own: a pattern of names, {@code -f 1}, {@code -prof gc}. */
    static int run(List<String> words) throws IOException {
        Path jmh = Path.of(System.getProperty("bench.home", "bench"), "target", "jmh");
        if (!Files.isDirectory(jmh)) {
            throw new BenchException("JMH must be built first: mvn package -pl bench -am");
        }
        String classPath =
                String.join(
                        File.pathSeparator,
                        System.getProperty("java.class.path"),
                        jmh.resolve("*").toString());
        List<String> command =
                new ArrayList<>(ChildProcess.jvm("org.openjdk.jmh.Main", classPath, List.of()));
        words.forEach(each -> command.add(each.equals("--help") ? "-h" : each));
        return new ProcessBuilder(command).inheritIO().start().onExit().join().exitValue();
    }
}
