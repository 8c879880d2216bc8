package io.tuli.invoke;

import io.tuli.Service;
import java.util.Set;

/**
 * A service of the mesh that clients of the gateway may call, and that somebody serves.
 *
 * @param path by which clients call it
 * @param service as this member uses it
 * @param hasDocuments whether it has documents and events, and a replica of them here
 * @param isMany whether one call may mean several of its records
 * @param methods that may be called; empty for all it has
 */
public record Exposed(
        String path,
        Service<?> service,
        boolean hasDocuments,
        boolean isMany,
        Set<String> methods) {}
