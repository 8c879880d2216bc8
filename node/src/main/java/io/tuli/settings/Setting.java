package io.tuli.settings;

import io.tuli.error.Require;
import java.util.Locale;

/**
 * One thing that can be set. Immutable.
 *
 * @param name lower-case words with dots between, as in {@code message.bytes}
 * @param unit what its text means
 * @param standard the text that holds when nobody says anything
 * @param description what it is and what follows from more or less of it, in a sentence
 * @param isSecret whether its value is never shown
 */
public record Setting<T>(
        String name, Unit<T> unit, String standard, String description, boolean isSecret) {
    static final String VARIABLE_PREFIX = "TULI_";

    public Setting {
        Require.argument(name.matches("[a-z]+(\\.[a-z]+)*"), "a setting is words and dots", name);
        Require.argument(isReadable(unit, standard), "a default is a value", name);
    }

    static <T> Setting<T> of(String name, Unit<T> unit, String standard, String description) {
        return new Setting<>(name, unit, standard, description, false);
    }

    /** The value that a text stands for; throws IllegalArgumentException where it is none. */
    T parse(String text) {
        return unit.parser().apply(text);
    }

    boolean isReadable(String text) {
        return isReadable(unit, text);
    }

    private static <T> boolean isReadable(Unit<T> unit, String text) {
        try {
            return unit.parser().apply(text) != null;
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            return false;
        }
    }

    /** Its name as a Java system property. */
    public String property() {
        return "tuli." + name;
    }

    /** Its name as an environment variable. */
    public String variable() {
        return variableOf(name);
    }

    static String variableOf(String name) {
        return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** The name that a setting would have whose variable this is. */
    static String nameOf(String variable) {
        return variable.substring(VARIABLE_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
    }

    @Override
    public String toString() {
        return name;
    }
}
