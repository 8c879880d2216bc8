package io.tuli.handshake;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/** A socket encrypted as links are, with a key of its own. */
public final class TlsSocket {

    private static final Tls TLS = Tls.make();

    private TlsSocket() {}

    /** Encrypts a socket that has dialed. */
    public static SSLSocket over(Socket socket) throws IOException {
        SSLSocket encrypted =
                (SSLSocket)
                        TLS.context()
                                .getSocketFactory()
                                .createSocket(socket, "127.0.0.1", socket.getPort(), true);
        encrypted.setUseClientMode(true);
        encrypted.setSSLParameters(TLS.parameters(true));
        encrypted.startHandshake();
        return encrypted;
    }
}
