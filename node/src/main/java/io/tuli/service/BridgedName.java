package io.tuli.service;

import io.tuli.ServiceDescription;
import io.tuli.protocol.ServiceSpec;

/**
 * What a name stands for that bridges serve: all its servers have the same, so that nobody else
 * answers in their place. It is an option of the service's description.
 */
public final class BridgedName {

    /** The option that has it. */
    public static final String OPTION = "bridge";

    private BridgedName() {}

    /** What it stands for; empty where no bridge serves it. */
    public static String of(ServiceDescription description) {
        return description.options().get(OPTION) instanceof String text ? text : "";
    }

    /** A part of what its servers agree on; empty where no bridge serves it. */
    static String digest(ServiceDescription description) {
        String text = of(description);
        return text.isEmpty() ? "" : "/bridge=" + Integer.toHexString(ServiceSpec.numberOf(text));
    }
}
