package io.tuli.http;

import io.netty.handler.ssl.SslHandler;
import io.tuli.TuliException;
import io.tuli.handshake.Tls;
import io.tuli.protocol.Thrown;
import io.tuli.secret.CertificateFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts the connections of a server: TLS 1.3, with the certificate of two files that are looked
 * at every so often. One that is wrong leaves the earlier one in force; one that is right is shown
 * to new connections. What handshakes compute is computed on one thread of its own, so that they
 * hold up no loop. Thread-safe; close it to end its threads.
 */
public final class TlsPort implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TlsPort.class);

    /** How ALPN calls HTTP/2. */
    static final String H2 = "h2";

    private static final String[] PROTOCOLS = {H2, "http/1.1"};

    /** More handshakes than these do not wait: they fail. */
    private static final int WAITING_MAX = 1_024;

    private final CertificateFiles files;
    private final Duration look;
    private final ThreadPoolExecutor threads;
    private CertificateFiles.Shown shown;
    private String fault = "";
    private volatile Tls tls;
    private @Nullable Thread looking;

    /**
     * Reads the files.
     *
     * @param look how often they are looked at once it is started
     * @throws TuliException BAD_REQUEST, with what to do, where they are not as they must be
     */
    public TlsPort(Path certificate, Path key, Duration look) {
        this.files = new CertificateFiles(certificate, key);
        this.look = look;
        this.shown = files.read();
        this.tls = Tls.shown(shown.key(), shown.chain());
        this.threads =
                new ThreadPoolExecutor(
                        1,
                        1,
                        Duration.ofSeconds(10).toMillis(),
                        TimeUnit.MILLISECONDS,
                        new ArrayBlockingQueue<>(WAITING_MAX),
                        Thread.ofPlatform().daemon().name("tuli-gateway-tls-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Begins to look. */
    void start() {
        looking = Thread.ofVirtual().name("tuli-gateway-certificate").start(this::run);
    }

    private void run() {
        try {
            while (!threads.isShutdown()) {
                TimeUnit.NANOSECONDS.sleep(look.toNanos());
                readAgain();
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void readAgain() {
        try {
            CertificateFiles.Shown now = files.read();
            fault = "";
            if (!now.equals(shown)) {
                tls = Tls.shown(now.key(), now.chain());
                shown = now;
                LOG.info("Another certificate is shown: {}", now);
            }
        } catch (TuliException | IllegalArgumentException broken) {
            told(String.valueOf(broken.getMessage()));
        } catch (RuntimeException unexpected) {
            told(Thrown.text(unexpected));
        }
    }

    private void told(String why) {
        if (!why.equals(fault)) {
            fault = why;
            LOG.error("A certificate must stay as it is until its files are right: {}", why);
        }
    }

    /** For one connection, the first handler of its pipeline. */
    SslHandler handler(Duration handshakeWithin) {
        SSLEngine engine = tls.engine(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(PROTOCOLS);
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine, threads);
        handler.setHandshakeTimeoutMillis(handshakeWithin.toMillis());
        return handler;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        Thread thread = looking;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
