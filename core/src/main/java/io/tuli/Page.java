package io.tuli;

import java.util.List;

/**
 * Some of the records that a {@link Query} matches.
 *
 * @param total how many it matches
 * @param limit at most so many are here
 * @param skip so many before them were passed over
 * @param data the records, in order
 */
public record Page<T>(long total, int limit, int skip, List<T> data) {

    public Page {
        data = List.copyOf(data);
    }
}
