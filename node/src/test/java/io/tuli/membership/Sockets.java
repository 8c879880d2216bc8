package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Member;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;

/** What tests over real sockets share: a mesh of their own, and everything closed after. */
abstract class Sockets {

    final String mesh =
            getClass().getSimpleName()
                    + "-"
                    + Long.toHexString(ThreadLocalRandom.current().nextLong());
    final List<Seat> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        List<Callable<Void>> closing = new ArrayList<>();
        for (Seat seat : open) {
            closing.add(
                    () -> {
                        seat.close();
                        return null;
                    });
        }
        allAtOnce(closing);
    }

    Membership join(Member self) {
        return join(MembershipConfig.of(mesh), self);
    }

    Membership join(MembershipConfig config, Member self) {
        return join(config, "", self);
    }

    Membership join(MembershipConfig config, String secret, Member self) {
        Seat seat = Seat.of(config, secret, self);
        open.add(seat);
        seat.membership().join();
        return seat.membership();
    }

    /** The milliseconds of the fastest of four joins; each finds nobody and leaves again. */
    double fastestJoinAlone(MembershipConfig config) {
        double fastest = Double.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            long begun = System.nanoTime();
            Membership alone = join(config, Members.server("a"));
            fastest = Math.min(fastest, millisSince(begun));
            assertThat(alone.roster().members()).hasSize(1);
            alone.close();
        }
        return fastest;
    }

    /** Joins all at once; in the order of the members. */
    List<Membership> joinAtOnce(List<Member> members) throws Exception {
        List<Callable<Membership>> joins = new ArrayList<>();
        members.forEach(member -> joins.add(() -> join(member)));
        return allAtOnce(joins);
    }

    static <T> List<T> allAtOnce(List<Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (Future<T> result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
        }
        return results;
    }

    /** Another loopback address: a member there sees no beacon of this one. */
    static InetAddress elsewhere() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    }

    static InetSocketAddress peer(int dataPort) {
        return InetSocketAddress.createUnresolved("127.0.0.1", dataPort);
    }

    static double millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e6;
    }
}
