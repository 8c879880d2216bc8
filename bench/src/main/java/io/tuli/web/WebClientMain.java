package io.tuli.web;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.tuli.measure.Child;
import io.tuli.measure.Words;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients of one gateway, in one process and on one thread: what they ask in a round, how long
 * answers took, what they hear of events. Its commands come from one thread.
 */
public final class WebClientMain implements Child.Commands {

    private static final long PATIENCE_SECONDS = 120;

    /** So many connect at a time: a gateway looks at how many do. */
    private static final int OPENING_MAX = 200;

    static final int KEYS = 1_000;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<WebWire> idle = new ArrayList<>();
    private Ended staying = new Ended();
    private int port;
    private String token = "";

    private WebClientMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new WebClientMain());
    }

    @Override
    public Object run(String command, Words words) throws Exception {
        return switch (command) {
            case "join" -> join(words);
            case "login" -> login();
            case "round" -> round(words);
            case "idle" -> idle(words);
            case "busy" -> busy(words);
            default -> throw new IllegalArgumentException("a client does not " + command);
        };
    }

    // ---- connections ---------------------------------------------------------------------------

    /** Opens so many, and waits until all can be used. */
    List<WebWire> open(int count, boolean isSocket, String shown, WebWire.Heard heard)
            throws Exception {
        List<WebWire> opened = new ArrayList<>();
        for (int at = 0; at < count; at += OPENING_MAX) {
            List<CompletableFuture<WebWire>> opening = new ArrayList<>();
            for (int i = at; i < Math.min(count, at + OPENING_MAX); i++) {
                opening.add(open(isSocket, shown, heard));
            }
            for (CompletableFuture<WebWire> each : opening) {
                opened.add(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
        }
        return opened;
    }

    private CompletableFuture<WebWire> open(boolean isSocket, String shown, WebWire.Heard heard) {
        CompletableFuture<WebWire> ready = new CompletableFuture<>();
        WebWire wire = new WebWire(new Opening(ready, heard), isSocket, shown);
        ChannelFuture connected =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(wire)
                        .connect(InetAddress.getLoopbackAddress(), port);
        connected.addListener(
                done -> {
                    if (!done.isSuccess()) {
                        ready.completeExceptionally(done.cause());
                    }
                });
        return ready;
    }

    /** Tells of readiness by a future. */
    private record Opening(CompletableFuture<WebWire> ready, WebWire.Heard next)
            implements WebWire.Heard {

        @Override
        public void ready(WebWire wire) {
            ready.complete(wire);
        }

        @Override
        public void message(WebWire wire, int status, String text) {
            if (!ready.isDone()) {
                ready.completeExceptionally(new IOException(status + " " + text));
            }
            next.message(wire, status, text);
        }

        @Override
        public void ended(WebWire wire, String why) {
            if (!ready.completeExceptionally(new IOException(why))) {
                next.ended(wire, why);
            }
        }
    }

    private static void close(List<WebWire> wires) {
        wires.forEach(WebWire::close);
    }

    // ---- before rounds -------------------------------------------------------------------------

    /** Waits until the service is there behind the gateway, and makes the records that are read. */
    private Object join(Words words) throws Exception {
        port = Integer.parseInt(words.text("port"));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isThere()) {
            if (System.nanoTime() > until) {
                throw new IOException("nobody serves todos behind the gateway");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        for (int i = 0; i < KEYS; i++) {
            one("POST", "/todos", "{\"id\":\"k" + i + "\",\"title\":\"a todo\",\"n\":" + i + "}");
        }
        return Map.of();
    }

    private boolean isThere() throws InterruptedException {
        try {
            return one("GET", "/todos", "").startsWith("200");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** One request on a connection of its own. */
    private String one(String method, String path, String body)
            throws IOException, InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try {
            WebWire wire =
                    open(
                                    false,
                                    "",
                                    new WebWire.Heard() {
                                        @Override
                                        public void ready(WebWire ready) {}

                                        @Override
                                        public void message(WebWire from, int status, String text) {
                                            answer.complete(status + " " + text);
                                        }

                                        @Override
                                        public void ended(WebWire from, String why) {
                                            answer.completeExceptionally(new IOException(why));
                                        }
                                    })
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            wire.request(method, path, body);
            String told = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            wire.close();
            return told;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        }
    }

    /** Makes a user and logs in; sockets show the token from now on. */
    private Object login() throws Exception {
        String who = "\"name\":\"ada\",\"password\":\"correct horse\"}";
        one("POST", "/users", "{\"id\":\"ada\"," + who);
        one("POST", "/todos", "{\"id\":\"ticker\",\"n\":0}");
        String told = one("POST", "/authentication", "{\"strategy\":\"local\"," + who);
        if (!told.startsWith("201")) {
            throw new IOException(told);
        }
        token = told.replaceAll("(?s).*\"accessToken\":\"([^\"]+)\".*", "$1");
        return Map.of();
    }

    // ---- rounds --------------------------------------------------------------------------------

    private Object round(Words words) throws Exception {
        String what = words.text("what");
        int connections = Integer.parseInt(words.text("connections"));
        long nanos = TimeUnit.SECONDS.toNanos(Integer.parseInt(words.text("seconds")));
        if (what.equals("event")) {
            return events(connections, nanos);
        }
        Asking asking = new Asking(what, nanos, connections);
        List<WebWire> wires = open(connections, what.equals("call"), "", asking);
        try {
            return asking.run(wires, loop.next());
        } finally {
            close(wires);
        }
    }

    private Object events(int connections, long nanos) throws Exception {
        Telling telling = new Telling(connections, nanos);
        List<WebWire> hearers = open(connections, true, "", telling);
        List<WebWire> teller = open(1, false, "", telling.new Teller());
        try {
            return telling.run(teller.getFirst(), loop.next());
        } finally {
            close(hearers);
            close(teller);
        }
    }

    // ---- very many -----------------------------------------------------------------------------

    /** So many more connections that do nothing; 0 closes all. */
    private Object idle(Words words) throws Exception {
        int count = Integer.parseInt(words.text("count"));
        if (count == 0) {
            staying.over();
            close(idle);
            idle.clear();
        } else {
            staying = new Ended();
            idle.addAll(open(count, true, "", staying));
        }
        return Map.of("open", idle.size(), "lost", staying.lost());
    }

    private Object busy(Words words) throws Exception {
        int connections = Integer.parseInt(words.text("connections"));
        long nanos = TimeUnit.SECONDS.toNanos(Integer.parseInt(words.text("seconds")));
        Ordered ordered = new Ordered(nanos, Integer.parseInt(words.text("rate")));
        List<WebWire> wires = open(connections, true, token, ordered);
        List<WebWire> teller = open(1, false, "", ordered.new Teller());
        try {
            Map<String, Object> told = ordered.run(wires, teller.getFirst(), loop.next());
            told.put("idleLost", staying.lost());
            return told;
        } finally {
            close(wires);
            close(teller);
        }
    }
}
