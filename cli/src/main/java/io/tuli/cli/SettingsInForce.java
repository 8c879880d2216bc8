package io.tuli.cli;

import io.tuli.Limits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Finds for each setting the value in force: an option wins over a system property, that over the
 * environment, that over the default. One thread uses it, once.
 */
final class SettingsInForce {

    private static final String DEFAULT = "default";

    private final Map<String, String> environment;
    private final Properties properties;
    private final Map<String, Setting> given = new LinkedHashMap<>();

    SettingsInForce(Map<String, String> environment, Properties properties) {
        this.environment = environment;
        this.properties = properties;
    }

    SettingsInForce option(String name, String option, @Nullable String value) {
        if (value != null) {
            given.put(name, new Setting(name, value, "option " + option));
        }
        return this;
    }

    SettingsInForce options(String option, Map<String, String> values) {
        values.forEach((name, value) -> option(name, option, value));
        return this;
    }

    /** The settings there are, in order, then those that nobody knows. */
    List<Setting> all() {
        List<Setting> all = new ArrayList<>();
        defaults().forEach((name, value) -> all.add(inForce(name, value)));
        given.forEach(
                (name, setting) -> {
                    if (all.stream().noneMatch(known -> known.name().equals(name))) {
                        all.add(setting);
                    }
                });
        return all;
    }

    private Setting inForce(String name, String byDefault) {
        Setting option = given.get(name);
        if (option != null) {
            return option;
        }
        String property = "tuli." + name;
        String ofJvm = properties.getProperty(property);
        if (ofJvm != null) {
            return new Setting(name, ofJvm, "property " + property);
        }
        String variable = "TULI_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
        String ofProcess = environment.get(variable);
        return ofProcess != null
                ? new Setting(name, ofProcess, "environment " + variable)
                : new Setting(name, byDefault, DEFAULT);
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("mesh", "tuli");
        defaults.put("peers", "");
        defaults.put("secret", "");
        for (RecordComponent limit : Limits.class.getRecordComponents()) {
            defaults.put(dotted(limit.getName()), valueOf(limit));
        }
        return defaults;
    }

    private static String valueOf(RecordComponent limit) {
        try {
            return String.valueOf(limit.getAccessor().invoke(Limits.defaults()));
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** messageBytes is message.bytes. */
    private static String dotted(String camelCase) {
        return camelCase.replaceAll("([A-Z])", ".$1").toLowerCase(Locale.ROOT);
    }
}
