package io.tuli.agreement;

import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.error.Printable;
import io.tuli.error.Require;
import io.tuli.protocol.ServiceSpec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What one member says about one service. Immutable.
 *
 * @param service its name, which is a name of a service also where a stranger says it
 * @param partitions how many it was declared with there; 1..4096, or 0 for a stateless service
 * @param serving whether the member serves it, and shall own partitions of it if there are any;
 *     false where it only uses it
 * @param leaving whether it is on its way out and shall own no partitions any more
 * @param settingsDigest a digest of all else that members must agree on; at most 64 bytes of UTF-8
 * @param description what it says of it besides; members need not agree
 * @param life what it knows of it from earlier lives; null where it keeps nothing of it. Who says
 *     it and does not serve the service has something of it, and has not begun to serve it yet
 */
public record Offer(
        String service,
        int partitions,
        boolean serving,
        boolean leaving,
        String settingsDigest,
        ServiceDescription description,
        @Nullable Life life) {

    public static final int SERVICE_BYTES_MAX = 100;
    public static final int PARTITIONS_MAX = 4096;
    public static final int DIGEST_BYTES_MAX = 64;

    /** Without a description. */
    public Offer(
            String service,
            int partitions,
            boolean serving,
            boolean leaving,
            String settingsDigest) {
        this(service, partitions, serving, leaving, settingsDigest, ServiceDescription.NONE);
    }

    /** Of a service of which nothing is kept. */
    public Offer(
            String service,
            int partitions,
            boolean serving,
            boolean leaving,
            String settingsDigest,
            ServiceDescription description) {
        this(service, partitions, serving, leaving, settingsDigest, description, null);
    }

    public Offer {
        Require.argument(
                life == null || (partitions > 0 && (serving || !life.isRunning())),
                "what is kept has state, and who runs it serves it",
                service);
        Require.argument(
                ServiceConfig.isName(service), "a service name is [A-Za-z0-9_.-]{1,100}", service);
        Require.argument(
                partitions >= 0 && partitions <= PARTITIONS_MAX,
                "partitions must be 0..4096",
                partitions);
        Require.argument(
                settingsDigest.getBytes(StandardCharsets.UTF_8).length <= DIGEST_BYTES_MAX
                        && Printable.isLine(settingsDigest),
                "a settings digest has at most 64 bytes, all printable",
                settingsDigest);
    }

    /** Whether both could serve one service together. */
    public boolean agreesWith(Offer other) {
        return partitions == other.partitions && settingsDigest.equals(other.settingsDigest);
    }

    /** Whether both can be in one mesh: a service's number follows from its name. */
    boolean isCompatible(Offer other) {
        return service.equals(other.service)
                ? agreesWith(other)
                : ServiceSpec.numberOf(service) != ServiceSpec.numberOf(other.service);
    }

    /** The same of a member on its way out. */
    Offer leaving(boolean isLeaving) {
        return new Offer(
                service, partitions, serving, isLeaving, settingsDigest, description, life);
    }

    /** A service of which a member has something from earlier lives, and does not serve yet. */
    public static Offer kept(String service, Life life) {
        return new Offer(service, 1, false, false, "", ServiceDescription.NONE, life);
    }

    /** The same of a member that only uses it. */
    Offer using() {
        return serving || life != null
                ? new Offer(service, partitions, false, leaving, settingsDigest, description)
                : this;
    }

    /** The same with another number of partitions. */
    public Offer partitions(int number) {
        return new Offer(service, number, serving, leaving, settingsDigest, description, life);
    }

    /** The same, and what is known from earlier lives. */
    Offer living(@Nullable Life now) {
        return new Offer(service, partitions, serving, leaving, settingsDigest, description, now);
    }
}
