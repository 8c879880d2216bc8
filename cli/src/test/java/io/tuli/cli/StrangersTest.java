package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.node.Tuli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ten million bytes of whoever has proven nothing, against a member with a heap of 64 MB: it goes
 * on, those who belong to it are answered meanwhile, and its log stays short. {@code -Dtuli.seed=N}
 * repeats it.
 */
@Tag("slow")
class StrangersTest {

    private static final long BYTES = 10_000_000;
    private static final int AT_ONCE_MOST = 16 * 1024;
    private static final int WITNESS_EVERY = 100;
    private static final int LOG_BYTES_MOST = 64 * 1024;
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

    @TempDir private Path directory;
    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tenMillionBytesOfStrangersHarmNobody(boolean isSecret) throws IOException {
        System.out.println("-Dtuli.seed=" + seed);
        String mesh = "strangers-" + Long.toHexString(seed);
        Path secret = directory.resolve("secret");
        Map<String, String> settings =
                isSecret ? Map.of("secret.file", secret.toString()) : Map.of();
        if (isSecret) {
            assertThat(Ran.in(Map.of(), "secret", "new", "--to", secret.toString()).code())
                    .isZero();
        }
        String[] args = {"serve", "things", "--mesh", mesh, "--setting", "same.host=false"};
        String[] all = isSecret ? with(args, "--setting", "secret.file=" + secret) : args;
        try (Serving member = Serving.withHeap(directory, "64m", all);
                Mesh friend = Tuli.mesh(mesh).client().settings(settings).join()) {
            Service<Integer> things = friend.use("things", Integer.class);
            int port = port(member.out());
            byte[] hello = hello();
            long sent = 0;
            for (int i = 0; sent < BYTES; i++) {
                sent += pour(port, noise(hello));
                if (i % WITNESS_EVERY == 0) {
                    things.update("k", i).await();
                }
            }
            things.update("k", -1).await();
            assertThat(things.state().get("k")).isEqualTo(-1);
            assertThat(member.terminate()).as("-Dtuli.seed=%d %s", seed, member.err()).isZero();
            assertThat(member.err()).doesNotContain("OutOfMemory", "Exception:");
            assertThat(member.err().length()).isLessThan(LOG_BYTES_MOST);
        }
    }

    private static String[] with(String[] args, String... more) {
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return all;
    }

    private static int port(String ready) {
        Matcher address = ADDRESS.matcher(ready);
        assertThat(address.find()).as(ready).isTrue();
        return Integer.parseInt(address.group(1));
    }

    /** What somebody who encrypts says first. */
    private static byte[] hello() throws IOException {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            return Arrays.copyOf(out.array(), out.position());
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    /** Noise; noise behind what looks like a beginning; a true beginning, damaged and cut. */
    private byte[] noise(byte[] hello) {
        byte[] noise = new byte[1 + random.nextInt(AT_ONCE_MOST)];
        random.nextBytes(noise);
        byte[] begin =
                switch (random.nextInt(5)) {
                    case 0 -> new byte[0];
                    case 1 -> "TULI\0\0".getBytes(StandardCharsets.ISO_8859_1);
                    case 2 -> new byte[] {0x16, 3, 1, (byte) random.nextInt(65), 0};
                    case 3 -> new byte[] {0x16, 3, 1, 0x3f, -1, 1, 0, 0x3f, -5};
                    default -> damaged(hello);
                };
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(begin);
        all.writeBytes(noise);
        return all.toByteArray();
    }

    private byte[] damaged(byte[] hello) {
        byte[] damaged = Arrays.copyOf(hello, 1 + random.nextInt(hello.length));
        for (int i = random.nextInt(3); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    /** Sends all that is taken, and hears what is said; whoever is slow is closed. */
    private int pour(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(random.nextInt(20) == 0 ? 200 : 1);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            try {
                out.write(bytes);
                in.skip(Long.MAX_VALUE);
            } catch (IOException closedOrSilent) {
                return bytes.length;
            }
            return bytes.length;
        }
    }
}
