package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.TuliException;
import io.tuli.http.RawHttp;
import io.tuli.node.Tuli;
import io.tuli.secret.LifeKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that speaks TLS, its certificate that changes, and those who do not speak it (15.8).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsGatewayTest {

    private static final Duration OFTEN = Duration.ofMillis(20);

    @TempDir private static Path directory;
    private ShownCertificate shown;
    private Path certificate;
    private Path key;
    private SSLContext trusting;
    private Mesh mesh;
    private OpenGateway gateway;

    @BeforeAll
    void start() throws Exception {
        shown = new ShownCertificate(directory);
        certificate = shown.certificate;
        key = shown.key;
        shown.put(LifeKey.make());
        trusting = ShownCertificate.trusting();
        mesh = Tuli.join("tls-gateway-" + UUID.randomUUID());
        mesh.serve(Resource.documents("todos", Object.class).config());
        gateway =
                Gateway.on(mesh)
                        .port(0)
                        .expose("todos")
                        .heardBy("todos", (event, record) -> Set.of("everybody"))
                        .metrics(() -> "# all\n")
                        .limits(GatewayLimits.DEFAULTS.headersWithin(Duration.ofMillis(1_500)))
                        .tls(certificate, key)
                        .look(OFTEN)
                        .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
        mesh.close();
    }

    private SSLSocket dialed(String... protocols) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        trusting.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setSoTimeout(10_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private Certificate shown() throws IOException {
        try (SSLSocket socket = dialed()) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    // ---- what is spoken ------------------------------------------------------------------------

    @Test
    void servicesAreCalledOverTlsAndTheEndIsSaidInside() throws Exception {
        assertThat(gateway.url()).startsWith("https://127.0.0.1:");
        try (SSLSocket socket = dialed("http/1.1");
                RawHttp http = new RawHttp(socket)) {
            String body = "{\"id\":\"milk\"}";
            http.write(
                    "POST /todos HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "Content-Length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body);
            assertThat(http.answer().status()).isEqualTo(201);
            assertThat(http.ask("GET", "/todos/milk").answer().body()).contains("milk");
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            String own = "Origin: https://127.0.0.1:" + gateway.port();
            String host = "Host: 127.0.0.1:" + gateway.port();
            http.write("GET /metrics HTTP/1.1\r\n" + host + "\r\n" + own + "\r\n\r\n");
            assertThat(http.answer().body()).isEqualTo("# all\n");

            assertThat(http.ask("GET", "/todos/milk", "Connection: close").answer().status())
                    .isEqualTo(200);
            assertThat(http.isEnded()).as("without an error").isTrue();
        }
    }

    @Test
    void largeAnswersComeWholeAndManyRequestsAtOnceInTheirOrder() throws Exception {
        try (RawHttp http = new RawHttp(dialed())) {
            String text = "x".repeat(300_000);
            String body = "{\"id\":\"large\",\"text\":\"" + text + "\"}";
            http.write(
                    "POST /todos HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "Content-Length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body);
            assertThat(http.answer().body()).isEqualTo(body);
            for (int i = 0; i < 8; i++) {
                http.ask("GET", i % 2 == 0 ? "/todos/large" : "/health/live");
            }
            for (int i = 0; i < 8; i++) {
                assertThat(http.answer().body()).isEqualTo(i % 2 == 0 ? body : "{\"live\":true}");
            }
        }
    }

    @Test
    void socketsAreWssAndHearEvents() throws Exception {
        try (RawWebSocket socket = RawWebSocket.connected(dialed())) {
            socket.send("420[\"create\",\"todos\",{\"id\":\"tea\"},{}]");
            assertThat(socket.readUntil("42[")).isEqualTo("42[\"todos created\",{\"id\":\"tea\"}]");

            socket.send(0x88, new byte[] {0x03, (byte) 0xe8});
            assertThat(socket.readUntil("closed")).startsWith("closed");
        }
    }

    // ---- who does not speak it -----------------------------------------------------------------

    @Test
    void whoDoesNotSpeakItIsClosed() throws Exception {
        try (RawHttp clear = new RawHttp(gateway.port())) {
            clear.ask("GET", "/todos/milk");
            assertThat(clear.endsWithoutText("HTTP/1.1 200")).isTrue();
        }
        try (SSLSocket older = dialed()) {
            older.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThatThrownBy(older::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
        try (SSLSocket other = dialed("spdy/3")) {
            assertThatThrownBy(other::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            silent.setSoTimeout(10_000);
            silent.getOutputStream().write(new byte[] {0x16, 3, 1, 2});
            assertThat(silent.getInputStream().read()).as("in time").isEqualTo(-1);
        }
        await().until(() -> gateway.connections() == 0);
    }

    // ---- what is shown -------------------------------------------------------------------------

    @Test
    void anotherCertificateIsShownToNewConnectionsAndThoseThatAreThereGoOn() throws Exception {
        Certificate first = shown();
        try (RawHttp http = new RawHttp(dialed())) {
            assertThat(http.ask("GET", "/health/live").answer().status()).isEqualTo(200);

            LifeKey second = LifeKey.make();
            shown.put(second);
            await().until(() -> shown().equals(second.certificate()));
            assertThat(http.ask("GET", "/health/live").answer().status()).isEqualTo(200);

            Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nnone\n");
            LifeKey third = LifeKey.make();
            ShownCertificate.write(key, "PRIVATE KEY", third.key().getEncoded());
            assertThat(shown()).as("what is wrong is not shown").isEqualTo(second.certificate());
            assertThat(shown()).isNotEqualTo(first);

            shown.put(third);
            await().until(() -> shown().equals(third.certificate()));
        }
    }

    @Test
    void filesThatAreWrongAreToldBeforeAnythingIsBegun() throws Exception {
        Path other = directory.resolve("other.key");
        ShownCertificate.write(other, "PRIVATE KEY", LifeKey.make().key().getEncoded());
        Gateway wrong = Gateway.on(mesh).port(0).tls(certificate, other);

        assertThatThrownBy(wrong::start)
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("must be the key of the certificate");
        assertThatThrownBy(
                        () ->
                                Gateway.on(mesh)
                                        .port(0)
                                        .tls(directory.resolve("none.pem"), other)
                                        .start())
                .hasMessageContaining("there is no such file");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(wrong::start).hasMessageContaining("chmod 600");
    }
}
