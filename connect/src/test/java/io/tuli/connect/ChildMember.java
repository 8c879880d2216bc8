package io.tuli.connect;

import io.tuli.Mesh;
import io.tuli.lines.JsonLines;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.nio.file.Path;

/** A process of its own that serves orders with a file, until it is killed or its input ends. */
final class ChildMember {

    private ChildMember() {}

    /** Takes the name of the mesh and the path of the file. */
    public static void main(String[] args) throws IOException {
        try (Mesh mesh = Tuli.mesh(args[0]).join()) {
            Members.orders().store(JsonLines.file(Path.of(args[1]))).serve(mesh);
            System.out.println("serving");
            int unused = System.in.read();
        }
    }

    static Process start(String mesh, Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.net.preferIPv4Stack=true",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        ChildMember.class.getName(),
                        mesh,
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
