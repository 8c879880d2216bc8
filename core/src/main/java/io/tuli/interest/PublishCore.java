package io.tuli.interest;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.Publication;
import io.tuli.protocol.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that one member decides about what is published: what it tells others that it wants, where
 * its own publications go, who of its own gets what comes, and, on a server, what it relays between
 * clients. Members and the simulation run this same class. Time is passed along, a monotonic one in
 * nanoseconds. One thread at a time.
 */
public final class PublishCore {

    private final MemberId self;
    private final Ports ports;
    private final Routes routes;
    private final Subscribers subscribers;
    private final InterestExchange exchange;
    private final HeardBy heardBy = new HeardBy();
    private final Delivery delivery = new Leaving();
    private long relayed;

    /** How many of this member's own took what it has just sent to itself. */
    private int takenHere;

    /**
     * What a member is told about itself.
     *
     * @param seed of which strangers know nothing
     * @param near whether another member is on the same machine
     */
    public record Setting(MemberId self, boolean isServer, long seed, Predicate<MemberId> near) {}

    /** The links to other members. A port: every method returns at once and calls nothing back. */
    public interface Ports extends InterestExchange.Port {

        /** Whether a publication may leave now: there is a link, and much room in it. */
        boolean mayLeave(MemberId to);
    }

    /** One who has subscribed. */
    public static final class Ticket {

        private final int service;
        private final List<String> patterns;
        private final Subscribers.Subscriber subscriber;
        private final List<InterestItem> told = new ArrayList<>();

        private Ticket(int service, List<String> patterns, Subscribers.Subscriber subscriber) {
            this.service = service;
            this.patterns = List.copyOf(patterns);
            this.subscriber = subscriber;
        }

        /** Whether others were told of wider patterns, for there are very many. */
        public boolean isWidened() {
            for (int i = 0; i < told.size(); i++) {
                if (!told.get(i).pattern().equals(patterns.get(i))) {
                    return true;
                }
            }
            return false;
        }
    }

    public PublishCore(Setting setting, Ports ports) {
        this.self = setting.self();
        this.ports = ports;
        this.routes = new Routes(self, setting.seed(), setting.near());
        this.subscribers = new Subscribers(self, setting.seed());
        Port port = new Port();
        this.exchange = new InterestExchange(self, setting.isServer(), routes, port);
    }

    // ---- subscribing ---------------------------------------------------------------------------

    /**
     * From now on it gets what is published under subjects of these valid patterns, each different.
     *
     * @throws TuliException TOO_LARGE where this member wants too much
     */
    public Ticket subscribe(
            int service, List<String> patterns, Subscribers.Subscriber subscriber, long now) {
        Ticket ticket = new Ticket(service, patterns, subscriber);
        boolean isEcho = subscriber.hearsOwn();
        try {
            for (String pattern : ticket.patterns) {
                ticket.told.add(exchange.want(service, pattern, subscriber.group(), isEcho));
            }
        } catch (TuliException tooMany) {
            unwant(ticket);
            throw tooMany;
        }
        subscribers.add(service, ticket.patterns, subscriber);
        exchange.hurry(now);
        return ticket;
    }

    /** It gets nothing any more. */
    public void unsubscribe(Ticket ticket, long now) {
        subscribers.remove(ticket.service, ticket.patterns, ticket.subscriber);
        unwant(ticket);
        exchange.hurry(now);
    }

    private void unwant(Ticket ticket) {
        for (int i = 0; i < ticket.told.size(); i++) {
            exchange.unwant(
                    ticket.patterns.get(i), ticket.told.get(i), ticket.subscriber.hearsOwn());
        }
    }

    /** The version of this member's interest in which all is that it wants now. */
    public long wantedVersion() {
        return exchange.wantedVersion();
    }

    /** Whether everybody there is knows that version. */
    public boolean isKnown(long version) {
        return exchange.isKnown(version);
    }

    /** Whether there is a link to a member, and it knows that version. */
    public boolean isKnownTo(MemberId member, long version) {
        return exchange.isKnownTo(member, version);
    }

    /** The server that relays to this client; null if there is none, and of a server. */
    public @Nullable MemberId home() {
        return exchange.home();
    }

    // ---- publishing ----------------------------------------------------------------------------

    /** Where what is published of a service goes. */
    public ServiceRoutes routes(int service) {
        return routes.kept(service);
    }

    /** Nobody publishes by them any more. */
    public void release(int service) {
        routes.release(service);
    }

    /** Sends it to all who want it; answers to how many members. */
    public int publish(ServiceRoutes of, Publication publication) {
        return of.publish(publication, new Numbering(0, 0), delivery).size();
    }

    /**
     * The same, and tells how many subscribers took it.
     *
     * @param answer told once, before this returns or later
     * @throws TuliException OVERLOADED where too many questions are open
     */
    public void publish(
            ServiceRoutes of,
            Publication publication,
            int withinMillis,
            long now,
            IntConsumer answer) {
        if (heardBy.isFull()) {
            throw new TuliException(
                    Failure.OVERLOADED,
                    "at most "
                            + HeardBy.OPEN_MAX
                            + " publications wait to be told who heard them; wait for some, or"
                            + " publish without asking");
        }
        long number = heardBy.next();
        takenHere = 0;
        List<MemberId> sent =
                of.publish(publication, new Numbering(number, withinMillis), delivery);
        heardBy.ask(number, others(sent), takenHere, now + nanos(withinMillis), answer);
    }

    private List<MemberId> others(List<MemberId> members) {
        return members.stream().filter(member -> !member.equals(self)).toList();
    }

    private static long nanos(int millis) {
        return millis * 1_000_000L;
    }

    /** Of one publication: one number however many members relay it. */
    private final class Numbering implements ServiceRoutes.Numbers {

        private final long call;
        private final int timeoutMillis;
        private Route.@Nullable Origin origin;

        Numbering(long call, int timeoutMillis) {
            this.call = call;
            this.timeoutMillis = timeoutMillis;
        }

        @Override
        public Route.Origin origin() {
            Route.Origin known = origin;
            if (known == null) {
                known = new Route.Origin(self, ++relayed);
                origin = known;
            }
            return known;
        }

        @Override
        public long call() {
            return call;
        }

        @Override
        public int timeoutMillis() {
            return timeoutMillis;
        }
    }

    /** To others over links, to this member itself at once. */
    private final class Leaving implements Delivery {

        @Override
        public boolean mayLeave(MemberId to) {
            return to.equals(self) || ports.mayLeave(to);
        }

        @Override
        public void send(MemberId to, Frame.Publish frame) {
            if (to.equals(self)) {
                takenHere += subscribers.received(self, frame).taken();
            } else {
                ports.send(to, frame);
            }
        }
    }

    // ---- what comes ----------------------------------------------------------------------------

    /**
     * Another member says something.
     *
     * @throws InvalidFrameException where no honest member says so
     */
    public void received(MemberId from, Frame.OfSubjects frame, long now) {
        switch (frame) {
            case Frame.Interest interest -> {
                exchange.received(from, interest);
                exchange.hurry(now);
            }
            case Frame.InterestKnown known -> exchange.received(from, known);
            case Frame.Publish publish -> published(from, publish, now);
            case Frame.Heard heard -> heardBy.heard(from, heard.call(), heard.subscribers());
        }
    }

    private void published(MemberId from, Frame.Publish frame, long now) {
        Subscribers.Received here = subscribers.received(from, frame);
        Route route = frame.route();
        if (route.relayed().isEmpty()) {
            if (route.isCall()) {
                ports.send(from, new Frame.Heard(route.call(), here.taken()));
            }
            lost(frame, here.missing());
            return;
        }
        boolean isAsked = route.isCall() && !heardBy.isFull();
        long number = isAsked ? heardBy.next() : 0;
        ServiceRoutes of = routes.find(frame.publication().service());
        List<MemberId> sent =
                of == null ? List.of() : of.relay(from, frame, number, here.missing(), delivery);
        if (isAsked) {
            heardBy.ask(
                    number,
                    sent,
                    here.taken(),
                    now + nanos(route.timeoutMillis()),
                    taken -> ports.send(from, new Frame.Heard(route.call(), taken)));
        } else if (route.isCall()) {
            ports.send(from, new Frame.Heard(route.call(), here.taken()));
        }
    }

    /** What did not come may have been for clients that this member relays to. */
    private void lost(Frame.Publish frame, long missing) {
        ServiceRoutes of = missing > 0 ? routes.find(frame.publication().service()) : null;
        if (of != null) {
            of.lost(missing);
        }
    }

    // ---- who is there --------------------------------------------------------------------------

    public void tick(long now) {
        exchange.tick(now);
        heardBy.tick(now);
    }

    public void linkUp(MemberId member, boolean isToServer, long now) {
        exchange.linkUp(member, isToServer, now);
        exchange.hurry(now);
    }

    public void linkDown(MemberId member, long now) {
        exchange.linkDown(member);
        exchange.hurry(now);
        heardBy.gone(member);
    }

    /** The member is gone. */
    public void forget(MemberId member, long now) {
        linkDown(member, now);
        exchange.forget(member);
    }

    /** These servers are there, whether there are links to them or not. */
    public void present(Collection<MemberId> servers) {
        exchange.present(servers);
    }

    /** The end: nobody waits any more for who heard what. */
    public void close() {
        heardBy.close();
    }

    /** What the exchange says goes where all goes. */
    private final class Port implements InterestExchange.Port {

        @Override
        public boolean isWritable(MemberId to) {
            return ports.isWritable(to);
        }

        @Override
        public void send(MemberId to, Frame.OfSubjects frame) {
            ports.send(to, frame);
        }

        @Override
        public void homeLost() {
            subscribers.missedSome();
            ports.homeLost();
        }
    }
}
