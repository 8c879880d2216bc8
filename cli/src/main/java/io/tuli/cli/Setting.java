package io.tuli.cli;

/**
 * A setting in force.
 *
 * @param name as in {@code docs/tuning.md}
 * @param value what it comes to
 * @param origin where the value is from: an option, a property, a variable, or the default
 */
record Setting(String name, String value, String origin) {

    private static final String SECRET = "secret";

    /** The value for people to see; nobody is to see a secret. */
    String shown() {
        return name.equals(SECRET) && !value.isEmpty() ? "(hidden)" : value;
    }
}
