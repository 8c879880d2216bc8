package io.tuli.swarm;

import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.call.Choice;
import io.tuli.call.Version;
import io.tuli.call.VersionRange;
import io.tuli.cluster.World;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Versions of one service: another each time a member begins to serve it, with a share now and
 * then; and what calls ask for. One thread.
 */
final class WorkVersions implements World.Beginning {

    private static final long SALT = 0x7e4510L;

    private static final List<String> SERVED = List.of("1.0", "1.5", "2.0", "2.1-rc1", "");
    private static final List<String> ASKED_FOR =
            List.of("1.x", ">=1.5", "2.x", "=2.1-rc1", ">1 <2");
    private static final int[] SHARES = {0, 5, 50, 100};

    /** One of so many times that calls are made. */
    private static final int REPLACED = 4;

    private final String service;
    private final SplittableRandom random;
    private final BiFunction<Message, Version, Object> work;

    /**
     * @param work what a message is answered with by a server of that version
     */
    WorkVersions(String service, long seed, BiFunction<Message, Version, Object> work) {
        this.service = service;
        this.random = new SplittableRandom(seed ^ SALT);
        this.work = work;
    }

    /** Half of the seeds have versions. */
    static boolean areDrawn(long seed) {
        return new SplittableRandom(seed ^ ~SALT).nextBoolean();
    }

    @Override
    public <T> ServiceConfig<T> begins(ServiceConfig<T> config) {
        if (!config.name().equals(service)) {
            return config;
        }
        String text = SERVED.get(random.nextInt(SERVED.size()));
        Version version = Version.of(text);
        ServiceDescription said = config.description().version(text);
        if (random.nextInt(3) == 0) {
            said = said.share(SHARES[random.nextInt(SHARES.length)]);
        }
        return config.describe(said).handler((message, turn) -> work.apply(message, version));
    }

    /** Whether a member is about to serve another one, now and then. */
    boolean isAnotherServed() {
        return random.nextInt(REPLACED) == 0;
    }

    /** Half of the calls ask for some version, a third for near servers. */
    Choice choose() {
        Choice choice = Choice.ANY;
        if (random.nextBoolean()) {
            String versions = ASKED_FOR.get(random.nextInt(ASKED_FOR.size()));
            choice = choice.of(VersionRange.of(versions));
        }
        return random.nextInt(3) == 0 ? choice.near() : choice;
    }

    /** The same, of versions that one of those matches. */
    Choice choose(List<Version> served) {
        Choice choice = choose();
        return served.stream().anyMatch(choice::allows) ? choice : Choice.ANY;
    }
}
