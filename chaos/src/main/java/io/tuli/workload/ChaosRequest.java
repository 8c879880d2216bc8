package io.tuli.workload;

import java.time.Duration;

/**
 * One request as a writer makes it.
 *
 * @param verb a built-in one, one of {@link ChaosService}, or {@link #READ}
 * @param key deep or not
 * @param body a number, or any text without tabs; empty for none
 * @param id the identity to give it; empty for one of its own
 */
public record ChaosRequest(String verb, String key, String body, String id) {

    /** Asks the owner for the committed value. */
    static final String READ = "read";

    /** Every call has this deadline. */
    public static final Duration WITHIN = Duration.ofSeconds(8);

    public static ChaosRequest of(String verb, String key, Object body) {
        return new ChaosRequest(verb, key, body.toString(), "");
    }

    ChaosRequest id(String named) {
        return new ChaosRequest(verb, key, body, named);
    }

    /** What is unavailable together: the key's name up to the first dash or dot. */
    public String lane() {
        return key.split("[-.]", 2)[0];
    }

    public boolean isWrite() {
        return !verb.equals(READ);
    }
}
