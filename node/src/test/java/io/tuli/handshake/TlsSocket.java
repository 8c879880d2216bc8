package io.tuli.handshake;

import io.tuli.secret.LifeKey;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A socket encrypted as links are, with a key of its own. */
public final class TlsSocket {

    /** Whose life it is that such sockets show. */
    public static final LifeKey LIFE = LifeKey.make();

    private static final Tls TLS = Tls.of(LIFE, null);

    private TlsSocket() {}

    /** Encrypts a socket that has dialed. */
    public static SSLSocket over(Socket socket) throws IOException {
        return over(socket, true);
    }

    /** Encrypts a socket that was accepted. */
    public static SSLSocket accepted(Socket socket) throws IOException {
        return over(socket, false);
    }

    /** Encrypts one that was accepted, and asks for no certificate. */
    public static SSLSocket careless(Socket socket) throws IOException {
        return over(socket, false, TLS.parameters(true));
    }

    private static SSLSocket over(Socket socket, boolean isDialer) throws IOException {
        return over(socket, isDialer, TLS.parameters(isDialer));
    }

    private static SSLSocket over(Socket socket, boolean isDialer, SSLParameters parameters)
            throws IOException {
        SSLSocket encrypted =
                (SSLSocket)
                        TLS.context()
                                .getSocketFactory()
                                .createSocket(socket, "127.0.0.1", socket.getPort(), true);
        encrypted.setUseClientMode(isDialer);
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }
}
