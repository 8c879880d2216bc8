package io.tuli.node;

import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.error.Require;
import io.tuli.settings.DiskSettings;
import io.tuli.settings.KnownSettings;
import io.tuli.settings.Setting;
import io.tuli.settings.Settings;
import io.tuli.spin.LoopThread;
import io.tuli.start.Preparation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to join a mesh. Not thread-safe; every method but {@link #join()} answers this builder.
 *
 * <p>What is said here wins over system properties, those over the environment, that over the file.
 */
public final class MeshBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(MeshBuilder.class);

    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<String> peers = new ArrayList<>();
    private Member.Role role = Member.Role.SERVER;
    private @Nullable Limits limits;

    MeshBuilder(String mesh) {
        Require.argument(
                mesh.matches("[A-Za-z0-9_.-]{1,64}"), "a mesh name is [A-Za-z0-9_.-]{1,64}", mesh);
        set(KnownSettings.MESH, mesh);
    }

    private MeshBuilder set(Setting<?> setting, String text) {
        settings.put(setting.name(), text);
        return this;
    }

    /** Owns nothing; sends straight to owners and holds live replicas. */
    public MeshBuilder client() {
        role = Member.Role.CLIENT;
        return this;
    }

    /** A name for people; host and process unless said. */
    public MeshBuilder name(String forPeople) {
        return set(KnownSettings.NAME, forPeople);
    }

    /**
     * An identity that survives restarts, so that a member which comes back gets its old share;
     * random unless said.
     */
    public MeshBuilder nodeId(long stable) {
        return set(KnownSettings.NODE_ID, Long.toHexString(stable));
    }

    /**
     * Labels this member, as in {@code client().group("monitor")}: seen by all, in front of its
     * name; decides nothing.
     */
    public MeshBuilder group(String label) {
        return set(KnownSettings.GROUP, label);
    }

    /**
     * The address to listen on; loopback unless said. Any other needs a secret, TLS or {@link
     * #insecure()}.
     */
    public MeshBuilder bind(String host) {
        return set(KnownSettings.BIND, host);
    }

    /** The data port; any free one unless said. */
    public MeshBuilder port(int number) {
        return set(KnownSettings.PORT, Integer.toString(number));
    }

    /** Where others are found, {@code host:port} each. On one machine nothing need be said. */
    public MeshBuilder peers(String... addresses) {
        peers.addAll(List.of(addresses));
        return set(KnownSettings.PEERS, String.join(",", peers));
    }

    /** What all members of the mesh know and strangers do not. */
    public MeshBuilder secret(String shared) {
        return set(KnownSettings.SECRET, shared);
    }

    /** Accepts that anyone who reaches the address can join; a warning is logged. */
    public MeshBuilder insecure() {
        return set(KnownSettings.INSECURE, "true");
    }

    /**
     * The directory in which this member keeps its durable services, on a disk of its machine: made
     * if it is not there, and this member's alone. Without it nothing is kept on disk, and a
     * durable service is not served. A client keeps nothing.
     */
    public MeshBuilder data(Path directory) {
        return set(DiskSettings.DATA_DIR, directory.toString());
    }

    /** Instead of all limits in settings. */
    public MeshBuilder limits(Limits other) {
        limits = other;
        return this;
    }

    /** Event loops, one thread each; half as many as processors unless said. */
    public MeshBuilder loops(int threads) {
        Require.argument(threads >= 1 && threads <= 64, "loops must be 1..64", threads);
        return set(KnownSettings.LOOPS, Integer.toString(threads));
    }

    /**
     * Settings by name, as in {@code docs/tuning.md}; an unknown one fails the join, naming the
     * nearest.
     */
    public MeshBuilder settings(Map<String, String> byName) {
        settings.putAll(byName);
        return this;
    }

    /**
     * Joins. Blocks until this member sees who is there.
     *
     * @throws io.tuli.TuliException NOT_AUTHORISED, UNAVAILABLE or BAD_REQUEST when it cannot
     */
    public Mesh join() {
        LoopThread.requireMayWait("join");
        Preparation.ofThisJvm().forJoining();
        Settings all = Settings.load(settings);
        all.warnings().forEach(LOG::warn);
        MemberSetting setting =
                new MemberSetting(all, role, limits == null ? all.limits() : limits);
        return new Joining(setting).join();
    }
}
