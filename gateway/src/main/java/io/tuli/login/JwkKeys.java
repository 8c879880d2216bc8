package io.tuli.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tuli.Refusal;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import io.tuli.protocol.Thrown;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Public keys of who issues tokens elsewhere, as a JSON Web Key Set (RFC 7517) in a file or at an
 * {@code https} address. They are read on a thread of its own, now and then, and when a token names
 * a key that is not known, but then not often. What cannot be read leaves the earlier keys in
 * force. Keys that are neither on P-256 nor of RSA with 2048 bits, and secret ones, are left out.
 */
public final class JwkKeys implements TokenKeys {

    private static final Logger LOG = LoggerFactory.getLogger(JwkKeys.class);
    private static final int BYTES_MAX = 256 * 1024;
    private static final int KEYS_MAX = 64;
    private static final int RSA_BITS_MIN = 2_048;
    private static final int FETCH_MILLIS = 5_000;
    private static final Duration OF_FILES = Duration.ofSeconds(5);
    private static final Duration OF_ADDRESSES = Duration.ofMinutes(5);

    private final String place;
    private final Duration often;
    private final Duration apart;
    private final Semaphore wanted = new Semaphore(0);
    private volatile Held held = new Held(0, Map.of());
    private volatile boolean isClosed;
    private String fault = "";
    private @Nullable Thread looking;

    /** Keys by their ids, and how often they have changed. */
    private record Held(long generation, Map<String, JWK> keys) {}

    /**
     * At a place.
     *
     * @param place a file, or an address of {@code https}; of {@code http} on this machine alone
     */
    public JwkKeys(String place) {
        this(place, isAddress(place) ? OF_ADDRESSES : OF_FILES, Duration.ofSeconds(10));
    }

    /**
     * For tests.
     *
     * @param often how often it is read
     * @param apart so much time is between two readings, whatever tokens name
     */
    JwkKeys(String place, Duration often, Duration apart) {
        requirePlace(place);
        this.place = place;
        this.often = often;
        this.apart = apart;
    }

    /** Requires that keys can be read from there without that others change them on their way. */
    public static void requirePlace(String place) {
        if (isAddress(place)) {
            URI address = URI.create(place);
            boolean isHere =
                    "localhost".equals(address.getHost()) || "127.0.0.1".equals(address.getHost());
            Require.argument(
                    "https".equals(address.getScheme()) || isHere,
                    "keys are read from a file, or over https",
                    Excerpt.of(place));
        }
    }

    private static boolean isAddress(String place) {
        return place.startsWith("https:") || place.startsWith("http:");
    }

    @Override
    public void start() {
        read();
        looking = Thread.ofVirtual().name("tuli-gateway-keys").start(this::run);
    }

    private void run() {
        try {
            while (!isClosed) {
                TimeUnit.NANOSECONDS.sleep(apart.toNanos());
                boolean unused =
                        wanted.tryAcquire(
                                Math.max(0, often.minus(apart).toNanos()), TimeUnit.NANOSECONDS);
                wanted.drainPermits();
                read();
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            Map<String, JWK> now = keys(text());
            fault = "";
            Held before = held; // one thread reads
            if (!now.equals(before.keys())) {
                held = new Held(before.generation() + 1, now);
            }
        } catch (IOException | ParseException | RuntimeException unreadable) {
            String why = Thrown.text(unreadable);
            if (!why.equals(fault) && !isClosed) {
                fault = why;
                LOG.error(
                        "Keys of tokens must be readable, those before stay: {} because {}",
                        Excerpt.of(place),
                        why);
            }
        }
    }

    private String text() throws IOException {
        if (isAddress(place)) {
            return new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, BYTES_MAX)
                    .retrieveResource(URI.create(place).toURL())
                    .getContent();
        }
        Path file = Path.of(place);
        if (Files.size(file) > BYTES_MAX) {
            throw new IOException("a set of keys has at most " + BYTES_MAX + " bytes");
        }
        return Files.readString(file);
    }

    private static Map<String, JWK> keys(String text) throws ParseException {
        Map<String, JWK> keys = new LinkedHashMap<>();
        for (JWK each : JWKSet.parse(text).getKeys()) {
            if (isUsable(each) && keys.size() < KEYS_MAX) {
                String id = each.getKeyID();
                keys.put(id == null ? "" : id, each.toPublicJWK());
            }
        }
        if (keys.isEmpty()) {
            throw new ParseException("it holds no key on P-256, and none of RSA", 0);
        }
        return Collections.unmodifiableMap(keys);
    }

    private static boolean isUsable(JWK key) {
        KeyUse use = key.getKeyUse();
        if (use != null && !use.equals(KeyUse.SIGNATURE)) {
            return false;
        }
        return (key instanceof ECKey curve && Curve.P_256.equals(curve.getCurve()))
                || (key instanceof RSAKey rsa && rsa.size() >= RSA_BITS_MIN);
    }

    @Override
    public long generation() {
        return held.generation();
    }

    @Override
    public void close() {
        isClosed = true;
        Thread thread = looking;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public JWSAlgorithm algorithm() {
        throw none();
    }

    @Override
    public SignedJWT sign(JWSHeader.Builder header, JWTClaimsSet claims) {
        throw none();
    }

    private static Refusal none() {
        return Refusal.of(501, "NotImplemented", "Tokens are issued elsewhere");
    }

    @Override
    public void requireSigned(SignedJWT token) {
        Map<String, JWK> known = held.keys();
        String id = token.getHeader().getKeyID();
        JWK key = id == null && known.size() == 1 ? known.values().iterator().next() : null;
        key = key == null ? known.get(id == null ? "" : id) : key;
        if (key == null) {
            if (wanted.availablePermits() == 0) {
                wanted.release();
            }
            throw Refusal.notAuthenticated("invalid signature: no such key");
        }
        try {
            if (!isSigned(token, key)) {
                throw Refusal.notAuthenticated("invalid signature");
            }
        } catch (JOSEException unverifiable) {
            throw Refusal.notAuthenticated("invalid signature");
        }
    }

    private static boolean isSigned(SignedJWT token, JWK key) throws JOSEException {
        if (key instanceof ECKey curve) {
            TokenKeys.requireAlgorithm(token, JWSAlgorithm.ES256);
            return token.verify(new ECDSAVerifier(curve));
        }
        TokenKeys.requireAlgorithm(token, JWSAlgorithm.RS256);
        return token.verify(new RSASSAVerifier(key.toRSAKey()));
    }

    @Override
    public boolean isFast() {
        return false;
    }

    @Override
    public boolean canSign() {
        return false;
    }
}
