package io.tuli.service;

import io.tuli.ServiceConfig;
import io.tuli.protocol.ServiceSpec;

/**
 * What the servers of a service must agree on besides its partitions, as a text of at most 64
 * bytes: equal where they do. It begins with how keys are placed, on which users must agree, too.
 */
public final class SettingsDigest {

    private SettingsDigest() {}

    /** Of a service as it is to be served. */
    public static String of(ServiceConfig<?> config) {
        String kept = config.durability().map(how -> "/kept=" + how.syncMillis()).orElse("");
        return PartitionerDigest.of(config.partitioner())
                + "/"
                + config.merge()
                + kept
                + BridgedName.digest(config.description())
                + codec(config.codecName());
    }

    private static String codec(String name) {
        return name.isEmpty() ? "" : "/c=" + Integer.toHexString(ServiceSpec.numberOf(name));
    }
}
