package io.tuli.publish;

import io.tuli.Payload;
import java.util.List;

/**
 * The body of a publication that has come from other meshes, for {@link io.tuli.Service#publish}.
 * Immutable.
 *
 * @param via their names, where it began first
 */
public record Carried(Payload body, List<String> via) {

    public Carried {
        via = List.copyOf(via);
    }
}
