package io.tuli.agent;

/**
 * What an agent knows of the service.
 *
 * @param state {@code ready} when in sync
 * @param digest of its replica
 * @param lag entries it knows of and has not applied
 * @param owned partitions it owns
 */
record AgentReport(String state, String digest, long lag, long owned) {

    static AgentReport parse(Words words) {
        return new AgentReport(words.text(2), words.text(3), words.number(4), words.number(5));
    }

    String text() {
        return "%s, owns %d, lag %d, digest %s".formatted(state, owned, lag, digest);
    }

    boolean isInSync() {
        return state.equals("ready") && lag == 0;
    }
}
