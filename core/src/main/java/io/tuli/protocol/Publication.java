package io.tuli.protocol;

import io.tuli.Payload;
import java.util.List;

/**
 * What was published: the same object for all members it goes to. Immutable.
 *
 * @param service its number
 * @param keptMicros when it was published, if its publisher keeps it as the last of its subject:
 *     microseconds since 1970, of one member no two the same; 0 where it does not
 * @param via the meshes that it has come through on its way to this one, by name, the first first
 */
public record Publication(
        int service, String subject, Payload body, long keptMicros, List<String> via) {

    /** So many meshes at most: what has come through more is no longer sent on. */
    public static final int VIA_MOST = 5;

    public Publication {
        via = List.copyOf(via);
    }

    /** Of this mesh, and not kept. */
    public Publication(int service, String subject, Payload body) {
        this(service, subject, body, 0, List.of());
    }

    /** Whether it is like nearly all, and says no more than its body. */
    public boolean isPlain() {
        return keptMicros == 0 && via.isEmpty();
    }

    /** The same, kept as the last of its subject. */
    public Publication kept(long micros) {
        return new Publication(service, subject, body, micros, via);
    }
}
