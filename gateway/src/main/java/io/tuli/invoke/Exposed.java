package io.tuli.invoke;

import io.tuli.Service;

/**
 * A service of the mesh that clients of the gateway may call, and that somebody serves.
 *
 * @param path by which clients call it
 * @param service as this member uses it
 * @param hasDocuments whether it has documents and events, and a replica of them here
 * @param isMany whether one call may mean several of its records
 */
public record Exposed(String path, Service<?> service, boolean hasDocuments, boolean isMany) {}
