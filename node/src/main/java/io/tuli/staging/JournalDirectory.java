package io.tuli.staging;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.secret.Hmac;
import io.tuli.storage.Block;
import io.tuli.storage.Disk;
import io.tuli.storage.FileDisk;
import io.tuli.storage.Journal;
import io.tuli.storage.JournalException;
import io.tuli.storage.JournalId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory in which a member keeps its journal: one member's alone while it is open, and of
 * one mesh and node for ever. What it cannot take it leaves as it is. One thread.
 */
public final class JournalDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JournalDirectory.class);

    private final Path path;
    private final Disk disk;
    private final JournalId id;
    private final SecureRandom random;
    private boolean isGivenAway;

    private JournalDirectory(Path path, Disk disk, JournalId id, SecureRandom random) {
        this.path = path;
        this.disk = disk;
        this.id = id;
        this.random = random;
    }

    /**
     * Made where it is not there yet.
     *
     * @param node that of the member, if it is said; else what it was before, or any
     * @throws TuliException BAD_REQUEST where it is in use, another's, or cannot be written
     */
    public static JournalDirectory open(Path path, String mesh, @Nullable Long node) {
        long digest = ByteBuffer.wrap(Hmac.sha256(mesh.getBytes(StandardCharsets.UTF_8))).getLong();
        Disk disk = locked(path);
        try {
            SecureRandom random = new SecureRandom();
            Optional<JournalId> before = Journal.idOf(disk);
            if (before.isPresent()) {
                requireSame(path, before.get(), mesh, digest, node);
            }
            JournalId fresh = new JournalId(digest, node == null ? random.nextLong() : node);
            return new JournalDirectory(path, disk, before.orElse(fresh), random);
        } catch (RuntimeException refused) {
            close(disk);
            throw refused instanceof JournalException unfit ? refused(path, unfit) : refused;
        }
    }

    private static Disk locked(Path path) {
        try {
            return FileDisk.open(path);
        } catch (JournalException inUse) {
            throw refused(path, inUse);
        } catch (IOException unusable) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "data.dir must be a directory that this member may write and that has room:"
                            + " data.dir="
                            + path
                            + " error="
                            + unusable);
        }
    }

    private static void requireSame(
            Path path, JournalId before, String mesh, long digest, @Nullable Long node) {
        if (before.mesh() != digest) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "data.dir must be of this mesh, it is left as it is; name another directory:"
                            + " data.dir="
                            + path
                            + " mesh="
                            + mesh);
        }
        if (node != null && before.node() != node) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "data.dir must be of this node, it is left as it is; leave node.id out, or name"
                            + " another directory: data.dir="
                            + path
                            + " node.id="
                            + Long.toHexString(node)
                            + " there="
                            + Long.toHexString(before.node()));
        }
    }

    private static TuliException refused(Path path, JournalException why) {
        Failure failure =
                switch (why.reason()) {
                    case LOCKED, FOREIGN -> Failure.BAD_REQUEST;
                    case DAMAGED, FAILED, FULL -> Failure.UNAVAILABLE;
                };
        String advice =
                why.reason() == JournalException.Reason.DAMAGED
                        ? "; nothing was changed: tuli log verify says more; where other servers"
                                + " have the services, name an empty directory, and this one is"
                                + " filled from them; where it is the only one, see tuli log repair"
                        : "";
        return new TuliException(failure, why.getMessage() + " data.dir=" + path + advice);
    }

    /** The member's identity over its lives. */
    public long node() {
        return id.node();
    }

    /**
     * Reads what there is, and begins a life: once. From now on the directory is the journal's; who
     * closes that closes {@link #disk()}.
     *
     * @param segmentBytes of each file that is begun
     * @param visitor takes what was written before
     * @throws TuliException UNAVAILABLE where it is damaged, or there is no room: then nothing has
     *     changed; the directory is closed
     */
    public Journal journal(long segmentBytes, Consumer<Block> visitor) {
        try {
            Journal journal = Journal.open(disk, id, segmentBytes, random::nextLong, visitor);
            isGivenAway = true;
            return journal;
        } catch (JournalException unfit) {
            close();
            throw refused(path, unfit);
        }
    }

    public Disk disk() {
        return disk;
    }

    /** Leaves it, unless it is the journal's. */
    @Override
    public void close() {
        if (!isGivenAway) {
            isGivenAway = true;
            close(disk);
        }
    }

    private static void close(Disk disk) {
        try {
            disk.close();
        } catch (IOException unclosed) {
            LOG.warn("A directory stays locked while this process lives", unclosed);
        }
    }
}
