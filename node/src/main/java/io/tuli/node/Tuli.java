package io.tuli.node;

import io.tuli.Handler;
import io.tuli.Mesh;

/**
 * The front door: joins a mesh. Thread-safe; holds nothing, so one process may join as many meshes
 * as it likes.
 */
public final class Tuli {

    private Tuli() {}

    /**
     * Joins a mesh by name with the defaults and whatever system properties and environment say: on
     * this machine alone, without any configuration, members find each other.
     *
     * @throws io.tuli.TuliException NOT_AUTHORISED, UNAVAILABLE or BAD_REQUEST when it cannot
     */
    public static Mesh join(String mesh) {
        return mesh(mesh).join();
    }

    /**
     * An object as the handler of a service: each verb is a method of its interface, as {@link
     * Mesh#client} has it. Other verbs are passed to the built-in ones. It answers with what the
     * method returns or throws; many threads call it at once.
     *
     * @throws IllegalArgumentException when the interface breaks a rule; names method and rule
     */
    public static <T, C> Handler<T> handler(Class<C> type, C served) {
        return new InterfaceHandler<>(type, served);
    }

    /** Prepares to join a mesh otherwise than by default. */
    public static MeshBuilder mesh(String mesh) {
        return new MeshBuilder(mesh);
    }
}
