package io.tuli.handshake;

import io.tuli.secret.Authority;
import io.tuli.secret.Hmac;
import io.tuli.secret.Identity;
import io.tuli.secret.LifeKey;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts links: TLS 1.3, both sides with the key of their life or of their certificate. It hides
 * what is said and lets nobody change it; it does not say who is there. That is what the proofs of
 * the {@link Transcript} do, which cover both certificates. Immutable; any thread.
 *
 * <p>The context is made of Java's own classes: that of Netty's builder costs a second in a new
 * JVM.
 */
public final class Tls {

    private static final String[] VERSIONS = {"TLSv1.3"};
    private static final String[] CIPHERS = {
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
    };
    private static final String EXPORTED = "EXPERIMENTAL tuli 2";
    private static final int CHAIN_MAX = 4;

    /** RFC 8446, 7.5; Java has it since 25. */
    private static final @Nullable MethodHandle EXPORTER = exporter();

    private final SSLContext context;
    private final boolean isMutual;

    private Tls(SSLContext context, boolean isMutual) {
        this.context = context;
        this.isMutual = isMutual;
    }

    /** That shows the key of a life, or a member's certificate where it has one. */
    public static Tls of(LifeKey life, @Nullable Identity identity) {
        OwnKey own =
                identity == null
                        ? new OwnKey(life.key(), List.of(life.certificate()))
                        : new OwnKey(identity.key(), identity.chain());
        SSLContext context = context(own);
        // No link continues another: 0 would be without a limit.
        context.getClientSessionContext().setSessionCacheSize(1);
        context.getServerSessionContext().setSessionCacheSize(1);
        return new Tls(context, true);
    }

    /** That shows a certificate to who is no member, and asks for none. */
    public static Tls shown(PrivateKey key, List<X509Certificate> chain) {
        return new Tls(context(new OwnKey(key, chain)), false);
    }

    private static SSLContext context(OwnKey own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {own}, new TrustManager[] {new AnyKey()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS 1.3", e);
        }
    }

    /** One end of one connection. */
    public SSLEngine engine(boolean isDialer) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(isDialer);
        engine.setSSLParameters(parameters(isDialer));
        return engine;
    }

    SSLParameters parameters(boolean isDialer) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setCipherSuites(CIPHERS);
        parameters.setEndpointIdentificationAlgorithm("");
        parameters.setNeedClientAuth(isMutual && !isDialer);
        return parameters;
    }

    SSLContext context() {
        return context;
    }

    /** Whether this Java can export keying material. */
    public static boolean canExport() {
        return EXPORTER != null;
    }

    /**
     * What a proof over this session must cover.
     *
     * @param doesExport whether both sides can export keying material
     */
    public static Transcript.Binding binding(
            SSLSession session, boolean isDialer, boolean doesExport) {
        try {
            Certificate[] own = session.getLocalCertificates();
            if (own == null) {
                throw new Refused(Refusal.SECRET, "the other side asked for no certificate");
            }
            byte[] ours = hash(own[0]);
            byte[] theirs = hash(session.getPeerCertificates()[0]);
            return new Transcript.Binding(
                    Transcript.Kind.TLS,
                    isDialer ? ours : theirs,
                    isDialer ? theirs : ours,
                    doesExport ? exported(session) : new byte[Hmac.BYTES]);
        } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
            throw new Refused(Refusal.SECRET, "a side must have a certificate: " + e.getMessage());
        }
    }

    /** What the other side has shown: its own certificate first. Whose it is, is not known yet. */
    public static List<X509Certificate> shown(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private static byte[] hash(Certificate certificate) throws CertificateEncodingException {
        return Hmac.sha256(certificate.getEncoded());
    }

    private static @Nullable MethodHandle exporter() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(
                            ExtendedSSLSession.class,
                            "exportKeyingMaterialData",
                            MethodType.methodType(
                                    byte[].class, String.class, byte[].class, int.class));
        } catch (ReflectiveOperationException older) {
            return null;
        }
    }

    private static byte[] exported(SSLSession session) {
        MethodHandle exporter = EXPORTER;
        if (exporter == null) {
            throw new IllegalStateException("who cannot export does not say that it can");
        }
        try {
            return (byte[])
                    exporter.invoke((ExtendedSSLSession) session, EXPORTED, null, Hmac.BYTES);
        } catch (Throwable e) {
            throw new IllegalStateException("a session of TLS 1.3 must export", e);
        }
    }

    /** Shows this member's key, whatever is asked for. */
    private static final class OwnKey extends X509ExtendedKeyManager {

        private static final String ALIAS = "own";

        private final PrivateKey key;
        private final List<X509Certificate> chain;

        OwnKey(PrivateKey key, List<X509Certificate> chain) {
            this.key = key;
            this.chain = chain;
        }

        private @Nullable String alias(String... types) {
            for (String type : types) {
                if (type.equals(key.getAlgorithm())) {
                    return ALIAS;
                }
            }
            return null;
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] types, Principal[] issuers, SSLEngine engine) {
            return alias(types);
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String type, Principal[] issuers, SSLEngine engine) {
            return alias(type);
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal[] issuers, Socket socket) {
            return alias(types);
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return alias(type);
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }

    /** Takes any key that is strong enough. Whose it is, the handshake finds out. */
    private static final class AnyKey extends X509ExtendedTrustManager {

        private static void requireKey(X509Certificate[] chain) throws CertificateException {
            if (chain.length > CHAIN_MAX || !Authority.isStrong(chain[0].getPublicKey())) {
                throw new CertificateException(
                        "a member shows 1..4 certificates, the first of a key on P-256 or RSA");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            requireKey(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            requireKey(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            requireKey(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            requireKey(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            requireKey(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            requireKey(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
