package io.tuli.todos;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A replica, a process of its own: serves the todos until it is told to go, or the process that
 * started it is gone.
 */
final class ReplicaMain {

    /** What it prints when it answers. */
    static final String READY = "ready";

    private static final Duration SYNC = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private ReplicaMain() {}

    /** Joins the mesh named first, as the member named second. */
    public static void main(String[] args) throws IOException {
        Mesh mesh = Tuli.mesh(args[0]).name(args[1]).join();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> mesh.close(DRAIN), "leave"));
        mesh.closed().whenComplete((gone, broken) -> endIfBroken(broken));
        Service<TodoList.Todo> todos = mesh.serve(TodoList.resource(args[1]).config());
        todos.awaitSync(SYNC);
        TodoList.begin(todos);
        System.out.println(READY);
        byte[] unused = new byte[64];
        int read = 0;
        while (read >= 0) {
            read = System.in.read(unused);
        }
        Runtime.getRuntime().halt(0);
    }

    /** The member is this process. */
    private static void endIfBroken(@Nullable Throwable broken) {
        if (broken != null) {
            System.err.println("this replica could not go on: " + broken);
            Runtime.getRuntime().halt(1);
        }
    }
}
