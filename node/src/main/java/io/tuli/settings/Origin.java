package io.tuli.settings;

/**
 * Where a setting's value is from.
 *
 * @param kind the sort of place
 * @param place which one, as in {@code -Dtuli.port}; empty for code and default
 */
public record Origin(Kind kind, String place) {
    /** The sorts of places, the strongest first. */
    public enum Kind {
        CODE("code"),
        PROPERTY("system property"),
        ENVIRONMENT("environment"),
        FILE("file"),
        DEFAULT("default");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    @Override
    public String toString() {
        return place.isEmpty() ? kind.text : kind.text + " " + place;
    }
}
