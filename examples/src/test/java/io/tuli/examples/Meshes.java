package io.tuli.examples;

import io.tuli.Mesh;
import io.tuli.node.Tuli;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Members of one mesh in this JVM, under a name that no other test has; closed newest first. */
final class Meshes implements AutoCloseable {

    private final String name = "test-" + UUID.randomUUID();
    private final List<Mesh> open = new ArrayList<>();

    Mesh server() {
        return add(Tuli.mesh(name).join());
    }

    Mesh client() {
        return add(Tuli.mesh(name).client().join());
    }

    private Mesh add(Mesh mesh) {
        open.add(mesh);
        return mesh;
    }

    @Override
    public void close() {
        open.reversed().forEach(Mesh::close);
    }
}
