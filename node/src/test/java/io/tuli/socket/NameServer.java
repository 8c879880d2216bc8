package io.tuli.socket;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A DNS server on loopback (RFC 1035) with SRV and A records that can be changed. */
public final class NameServer implements AutoCloseable {

    private static final int A = 1;
    private static final int SRV = 33;

    private final DatagramSocket socket;
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean isMute;

    /** Begins to answer, on any free port. */
    public NameServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("name-server").start(this::answer);
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** How often it was asked. */
    public int asked() {
        return asked.get();
    }

    /** It hears, and says nothing from now on. */
    public void mute() {
        isMute = true;
    }

    /** The SRV records of a name, in place of those before. */
    public void services(String name, String... hostsAndPorts) throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (String each : hostsAndPorts) {
            int colon = each.lastIndexOf(':');
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeShort(10);
            out.writeShort(5);
            out.writeShort(Integer.parseInt(each.substring(colon + 1)));
            writeName(out, each.substring(0, colon));
            all.add(bytes.toByteArray());
        }
        records.put(SRV + name, all);
    }

    /** The addresses of a host, in place of those before. */
    public void addresses(String host, String... addresses) throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (String each : addresses) {
            all.add(InetAddress.getByName(each).getAddress());
        }
        records.put(A + host, all);
    }

    /** It says from now on that it fails with that name (SERVFAIL). */
    public void fail(String name) {
        failed.add(name);
    }

    private void answer() {
        byte[] bytes = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket asking = new DatagramPacket(bytes, bytes.length);
                socket.receive(asking);
                asked.incrementAndGet();
                byte[] answer = answer(bytes);
                if (!isMute) {
                    socket.send(
                            new DatagramPacket(answer, answer.length, asking.getSocketAddress()));
                }
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (question[at] != 0) {
            name.append(name.isEmpty() ? "" : ".");
            name.append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
            at += question[at] + 1;
        }
        int type = (question[at + 1] & 0xff) << 8 | (question[at + 2] & 0xff);
        String key = type + name.toString().toLowerCase(Locale.ROOT);
        List<byte[]> answers = records.getOrDefault(key, List.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(0x8180 | code(name.toString()));
        out.writeShort(1);
        out.writeShort(answers.size());
        out.writeInt(0);
        out.write(question, 12, at + 5 - 12);
        for (byte[] each : answers) {
            out.writeShort(0xc00c);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(0);
            out.writeShort(each.length);
            out.write(each);
        }
        return bytes.toByteArray();
    }

    private int code(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (failed.contains(lower)) {
            return 2;
        }
        return isKnown(lower) ? 0 : 3;
    }

    private boolean isKnown(String lower) {
        return records.containsKey(A + lower) || records.containsKey(SRV + lower);
    }

    private static void writeName(DataOutputStream out, String name) throws IOException {
        for (String label : name.split("\\.")) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
    }

    @Override
    public void close() {
        socket.close();
    }
}
