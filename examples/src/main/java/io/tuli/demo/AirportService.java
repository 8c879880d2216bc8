package io.tuli.demo;

import io.tuli.Change;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The service that lives on another's changes: it folds each flight that joins a route into the
 * sums of its airport of departure.
 */
final class AirportService {

    static final String NAME = "airports";

    private static final String DEPARTED = "DEPARTED";

    private AirportService() {}

    static ServiceConfig<Delays> config() {
        return ServiceConfig.of(NAME, Delays.class)
                .handler(AirportService::handle)
                .inline()
                .fold(FlightService.NAME, AirportService::departures);
    }

    /** A flight pushed to a route's list is the only change of interest. */
    private static List<Message> departures(Change change) {
        Flight flight = isPushed(change) ? change.value(Flight.class) : null;
        return flight == null
                ? List.of()
                : List.of(Message.of(DEPARTED, flight).key(flight.origin()));
    }

    /**
     * A merge after a split puts what the other side pushed where it belongs: it is added there.
     */
    private static boolean isPushed(Change change) {
        return change.kind() == Change.Kind.PUSH
                || (change.kind() == Change.Kind.ADD && !change.key().isTop());
    }

    private static @Nullable Object handle(Message message, Turn<Delays> turn) {
        Flight flight = message.verb().equals(DEPARTED) ? message.body(Flight.class) : null;
        if (flight == null) {
            return turn.pass();
        }
        Delays before = turn.value();
        turn.update((before == null ? Delays.NONE : before).plus(flight));
        return null;
    }
}
