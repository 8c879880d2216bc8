package io.tuli.wiring;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network namespace of Linux for each place, and one that holds the bridge between them: it needs
 * root. A split moves the cables of one side to another bridge, so that packets just vanish, as
 * they do when a switch fails.
 *
 * <p>All names carry this process's id. Nothing outside of them is touched: not the network of the
 * machine, nor namespaces of others. A shell that waits for the end of this process removes them,
 * however it ends.
 */
public final class Namespaces implements Network {

    private static final String SUBNET = "10.77.0.";
    private static final int DATA_PORT = 7000;
    private static final String MAIN_BRIDGE = "br0";

    private final String prefix = "tuli-" + ProcessHandle.current().pid() + "-";
    private final String hub = prefix + "hub";
    private final int places;
    private final int peers;
    private final String secret;
    private final Process guard;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Namespaces(int places, int peers) {
        this.places = places;
        this.peers = peers;
        byte[] random = new byte[32];
        ThreadLocalRandom.current().nextBytes(random);
        this.secret = HexFormat.of().formatHex(random);
        this.guard = guard();
    }

    /** Whether this process may make namespaces. */
    public static boolean isPossible() {
        String name = "tuli-" + ProcessHandle.current().pid() + "-try";
        return Shell.succeeds(
                ("ip netns add %1$s || exit 1; code=0;"
                                + " ip -n %1$s link add br0 type bridge || code=1;"
                                + " ip netns del %1$s; exit $code")
                        .formatted(name));
    }

    /**
     * Makes the namespaces.
     *
     * @param places numbered from 1
     * @param peers how many of them, from the first, are told to all as addresses of others
     */
    public static Namespaces make(int places, int peers) {
        Namespaces made = new Namespaces(places, peers);
        try {
            made.build();
            return made;
        } catch (WiringException e) {
            made.close();
            throw e;
        }
    }

    private void build() {
        List<String> script = new ArrayList<>();
        script.add("ip netns add " + hub);
        for (int bridge = 0; bridge < places; bridge++) {
            script.add("ip -n %s link add br%d type bridge".formatted(hub, bridge));
            script.add("ip -n %s link set br%d up".formatted(hub, bridge));
        }
        for (int place = 1; place <= places; place++) {
            String name = name(place);
            script.add("ip netns add " + name);
            script.add(
                    "ip -n %s link add v%d type veth peer name eth0 netns %s"
                            .formatted(hub, place, name));
            script.add("ip -n %s link set v%d master %s up".formatted(hub, place, MAIN_BRIDGE));
            script.add("ip -n %s addr add %s%d/24 dev eth0".formatted(name, SUBNET, place));
            script.add("ip -n %s link set lo up".formatted(name));
            script.add("ip -n %s link set eth0 up".formatted(name));
        }
        Shell.run(String.join("\n", script));
    }

    /** Waits for the end of its input, that is of this process, and removes everything. */
    private Process guard() {
        String all =
                IntStream.rangeClosed(1, places)
                        .mapToObj(this::name)
                        .collect(Collectors.joining(" ", hub + " ", ""));
        return Shell.start(
                "trap '' INT TERM HUP; cat >/dev/null; for name in "
                        + all
                        + "; do ip netns del $name; done");
    }

    private String name(int place) {
        return prefix + place;
    }

    @Override
    public String description() {
        return "network namespaces " + name(1) + " to " + name(places) + " on bridges in " + hub;
    }

    @Override
    public List<String> prefix(int place) {
        return List.of("ip", "netns", "exec", name(place));
    }

    @Override
    public List<String> options(int place) {
        List<String> options =
                new ArrayList<>(new Addresses(SUBNET, DATA_PORT).options(place, peers));
        options.add("-Dtuli.secret=" + secret);
        // The doors of one machine are files, and no namespace splits these.
        options.add("-Dtuli.same.host=false");
        return options;
    }

    @Override
    public void split(List<Set<Integer>> sides) {
        List<String> script = new ArrayList<>();
        for (int side = 0; side < sides.size(); side++) {
            for (int place : sides.get(side)) {
                script.add("ip -n %s link set v%d master br%d".formatted(hub, place, side));
            }
        }
        Shell.run(String.join("\n", script));
    }

    @Override
    public void heal() {
        Shell.run(
                IntStream.rangeClosed(1, places)
                        .mapToObj(
                                place ->
                                        "ip -n %s link set v%d master %s"
                                                .formatted(hub, place, MAIN_BRIDGE))
                        .collect(Collectors.joining("\n")));
    }

    @Override
    public void close() {
        if (isClosed.getAndSet(true)) {
            return;
        }
        try {
            guard.getOutputStream().close();
            if (!guard.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new WiringException("the namespaces were not removed: " + prefix + "*");
            }
        } catch (java.io.IOException e) {
            throw new WiringException("the guard of the namespaces is gone: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
