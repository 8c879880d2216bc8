package io.tuli.cli;

import io.tuli.Mesh;
import io.tuli.node.Tuli;
import io.tuli.terminal.Terminal;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Plays the usual commands once, with a member of their own and nobody looking: the JVM that makes
 * the start-up cache sees then all classes that commands need. Not a command, for nobody else needs
 * it; whatever fails here makes a later start slower and nothing else.
 */
public final class Rehearsal {

    private static final String SERVICE = "rehearsal";

    private static final List<List<String>> SCENES =
            List.of(
                    List.of("set", SERVICE, "a.b", "{\"n\":1}"),
                    List.of("add", SERVICE, "text", "--json"),
                    List.of("push", SERVICE, "a.list", "1"),
                    List.of("get", SERVICE, "a"),
                    List.of("get", SERVICE, "--table=b"),
                    List.of("get", SERVICE, "A.c"),
                    List.of("ls"),
                    List.of("ls", SERVICE, "--json"),
                    List.of("ring", SERVICE, "--key", "a"),
                    List.of("members"),
                    List.of("services"),
                    List.of("watch", SERVICE, "--from", "start", "--count", "1"),
                    List.of("rm", SERVICE, "a"),
                    List.of("help"),
                    List.of("lss"));

    private Rehearsal() {}

    public static void main(String[] args) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        play("rehearsal-" + ProcessHandle.current().pid());
    }

    /** Plays all scenes and answers their exit codes. */
    static List<Integer> play(String mesh) {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        nowhere,
                        nowhere,
                        false,
                        Map.of("TULI_MESH", mesh));
        try (Mesh member = Tuli.join(mesh)) {
            member.serve(SERVICE, Object.class).awaitSync(Duration.ofSeconds(5));
            return SCENES.stream()
                    .map(scene -> Main.run(terminal, scene.toArray(String[]::new)))
                    .toList();
        }
    }
}
