package io.tuli.secret;

import io.tuli.TuliException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Credentials} in force: those of the files they are kept in, which change while the
 * member runs. What is wrong with a file leaves the earlier ones in force. Any thread reads, one
 * looks.
 */
public final class Keyring {

    private static final Logger LOG = LoggerFactory.getLogger(Keyring.class);

    private final Supplier<Credentials> source;
    private final Duration look;
    private final Duration renewal;
    private volatile Credentials current;
    private String fault = "";

    private Keyring(Supplier<Credentials> source, Duration look, Duration renewal) {
        this.source = source;
        this.look = look;
        this.renewal = renewal;
        this.current = source.get();
    }

    /** Credentials that stay what they are. */
    public static Keyring fixed(Credentials credentials) {
        return new Keyring(() -> credentials, Duration.ZERO, Duration.ZERO);
    }

    /**
     * Credentials that are read at once, and again every so often.
     *
     * @param source throws TuliException where they are not as they must be
     * @param look how often it is asked
     * @param renewal over how long links under credentials that are gone are dialed anew
     */
    public static Keyring watched(Supplier<Credentials> source, Duration look, Duration renewal) {
        return new Keyring(source, look, renewal);
    }

    public Credentials current() {
        return current;
    }

    /** Zero where they stay what they are. */
    public Duration look() {
        return look;
    }

    public Duration renewal() {
        return renewal;
    }

    /** Looks again; whether there are others now. Some tenths of a second where one was chosen. */
    public boolean changes() {
        Credentials now;
        try {
            now = source.get();
        } catch (TuliException | IllegalArgumentException broken) {
            told(String.valueOf(broken.getMessage()));
            return false;
        }
        fault = "";
        if (now.equals(current)) {
            return false;
        }
        current = now;
        LOG.info(
                "Other credentials are in force: secrets={} certificate={}",
                now.secrets().size(),
                now.identity() == null ? "none" : now.identity().subject().until());
        return true;
    }

    private void told(String why) {
        if (!why.equals(fault)) {
            fault = why;
            LOG.error("Credentials must stay as they are until their files are right: {}", why);
        }
    }
}
