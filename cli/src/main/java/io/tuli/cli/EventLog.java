package io.tuli.cli;

import io.tuli.MeshEvent;
import io.tuli.command.Invocation;
import io.tuli.error.Printable;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Tells the person in front of a serving member what happens in the mesh: who comes and goes, and
 * what went wrong. Links, owners and clients, which come and go with every command, only when asked
 * for. Called by one mesh thread.
 */
final class EventLog {

    private static final Set<MeshEvent.Kind> DETAILS =
            EnumSet.of(
                    MeshEvent.Kind.LINK_CONNECTING,
                    MeshEvent.Kind.LINK_UP,
                    MeshEvent.Kind.LINK_DOWN,
                    MeshEvent.Kind.LINK_THROTTLED,
                    MeshEvent.Kind.RING_CHANGED,
                    MeshEvent.Kind.SERVICE_APPEARED,
                    MeshEvent.Kind.SERVICE_GONE);

    private final Invocation tuli;

    EventLog(Invocation tuli) {
        this.tuli = tuli;
    }

    void tell(MeshEvent event) {
        boolean isDetail = DETAILS.contains(event.kind()) || isAboutAClient(event);
        if (isDetail && !tuli.isVerbose()) {
            return;
        }
        String kind = event.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        boolean isNamed = event.text().contains(event.subject());
        String subject = isNamed ? "" : event.subject() + "   ";
        tuli.note(kind + "   " + Printable.line(subject + event.text()));
    }

    private static boolean isAboutAClient(MeshEvent event) {
        return switch (event.kind()) {
            case MEMBER_JOINED, MEMBER_LEFT ->
                    event.member().filter(member -> !member.isServer()).isPresent();
            default -> false;
        };
    }
}
