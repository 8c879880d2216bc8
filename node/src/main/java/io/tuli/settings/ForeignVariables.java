package io.tuli.settings;

import io.tuli.error.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Environment variables that begin like ours and are not. Kubernetes puts some into every container
 * for each of its services: for one called tuli {@code TULI_SERVICE_HOST}, {@code
 * TULI_PORT_7800_TCP} and, in the place of a setting, {@code TULI_PORT=tcp://10.0.0.1:7800}.
 * Ignored, and told. One thread.
 */
final class ForeignVariables {
    /** What Kubernetes, and Docker's links, put where a port would be. */
    private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://.*");

    /** More are counted, not named. */
    private static final int NAMED_MAX = 20;

    private static final int NAME_CHARS_MAX = 100;

    private final List<String> unknown = new ArrayList<>();
    private final List<String> serviceLinks = new ArrayList<>();

    static boolean isServiceLink(String text) {
        return SERVICE_LINK.matcher(text.strip()).matches();
    }

    /** No setting has this name. */
    void unknown(String variable) {
        unknown.add(variable);
    }

    /** The variable of this setting holds where a service is. */
    void serviceLink(Setting<?> setting) {
        serviceLinks.add(setting.variable());
    }

    /** One sentence for each kind that was met. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!serviceLinks.isEmpty()) {
            warnings.add(
                    "variables of Kubernetes for a service called tuli are no settings and are"
                            + " ignored: "
                            + String.join(", ", serviceLinks)
                            + "; set these otherwise, or set enableServiceLinks to false");
        }
        if (!unknown.isEmpty()) {
            List<String> named =
                    unknown.stream().limit(NAMED_MAX).map(ForeignVariables::described).toList();
            int more = unknown.size() - named.size();
            warnings.add(
                    "environment variables that begin with TULI_ and name no setting are ignored: "
                            + String.join(", ", named)
                            + (more > 0 ? " and " + more + " more" : ""));
        }
        return warnings;
    }

    private static String described(String variable) {
        String shown =
                variable.length() > NAME_CHARS_MAX
                        ? variable.substring(0, NAME_CHARS_MAX) + "…"
                        : variable;
        return Nearest.to(Setting.nameOf(variable), KnownSettings.names())
                .map(near -> shown + " (did you mean " + Setting.variableOf(near) + "?)")
                .orElse(shown);
    }
}
