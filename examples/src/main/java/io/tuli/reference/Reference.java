package io.tuli.reference;

import io.tuli.Mesh;
import io.tuli.ServiceDescription;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One process of the reference application: {@code gateway}, {@code backend}, {@code instance-a},
 * {@code instance-b} or {@code late}, as the first argument says; {@code solo} is a gateway with
 * the services of {@code backend}, and nobody else. {@code gateway/kit/run.sh} starts them all. It
 * ends when its standard input does, so none is left behind.
 */
public final class Reference {

    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration READY = Duration.ofSeconds(50);
    private static final int REPLICAS = 2;
    private static final List<String> PROCESSES =
            List.of("gateway", "backend", "instance-a", "instance-b", "late", "solo");

    private Reference() {}

    /** Joins the mesh of the environment's {@code KIT_MESH} and does its part. */
    public static void main(String[] args) throws Exception {
        String process = args.length == 1 ? args[0] : "";
        if (!PROCESSES.contains(process)) {
            System.err.println("say which process it is: one of " + PROCESSES);
            System.exit(2);
        }
        Mesh mesh = Tuli.mesh(said("KIT_MESH", "kit")).name(process).join();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> mesh.close(DRAIN), "leave"));
        mesh.closed().whenComplete((gone, broken) -> endIfBroken(broken));
        switch (process) {
            case "backend" -> Backend.serve(mesh);
            case "instance-a" -> mesh.serve(Replicas.instances("a").config());
            case "instance-b" -> mesh.serve(Replicas.instances("b").config());
            case "late" -> mesh.serve(Replicas.late().config());
            case "solo" -> {
                Backend.serve(mesh);
                gateway(mesh, FrontDoor.ALONE, 0);
            }
            default -> gateway(mesh, FrontDoor.NEEDED, REPLICAS);
        }
        awaitEndOfInput();
        System.exit(0);
    }

    private static String said(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** Starts it, waits until all is there, and says where. */
    private static void gateway(Mesh mesh, Set<String> needed, int replicas) throws Exception {
        FrontDoor.Setting setting =
                new FrontDoor.Setting(
                        Integer.parseInt(said("PORT", "0")),
                        said("JWT_SECRET", "kit-secret-of-at-least-thirty-two-bytes"),
                        Duration.ofMillis(Long.parseLong(said("CALL_TIMEOUT", "2000"))));
        String url = FrontDoor.open(mesh, setting);
        long end = System.nanoTime() + READY.toNanos();
        while (!served(mesh).containsAll(needed) || servers(mesh) < replicas) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not there in time: " + mesh.services());
            }
            Thread.sleep(20);
        }
        Path told = Path.of("url.new");
        Files.writeString(told, url);
        Files.move(told, Path.of("url"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Set<String> served(Mesh mesh) {
        return mesh.services().stream().map(ServiceDescription::name).collect(Collectors.toSet());
    }

    /** How many of the two replicas are there. */
    private static long servers(Mesh mesh) {
        return mesh.members().stream()
                .filter(member -> member.name().startsWith("instance-"))
                .count();
    }

    private static void endIfBroken(@Nullable Throwable broken) {
        if (broken != null) {
            System.err.println("this member could not go on: " + broken);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void awaitEndOfInput() throws IOException {
        byte[] unused = new byte[64];
        int read = 0;
        while (read >= 0) {
            read = System.in.read(unused);
        }
    }
}
