package io.tuli.cli;

import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import java.util.EnumSet;
import java.util.HashSet;
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
                    MeshEvent.Kind.OWNER_CHANGED);

    private final Invocation tuli;
    private final Mesh mesh;
    private final Set<String> clients = new HashSet<>();

    EventLog(Invocation tuli, Mesh mesh) {
        this.tuli = tuli;
        this.mesh = mesh;
    }

    void tell(MeshEvent event) {
        boolean isDetail = DETAILS.contains(event.kind()) || isAboutAClient(event);
        if (isDetail && !tuli.isVerbose()) {
            return;
        }
        String kind = event.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        boolean isNamed = event.text().contains(event.subject());
        tuli.note(kind + "   " + (isNamed ? "" : event.subject() + "   ") + event.text());
    }

    /** Who has left is a member no more, so clients are remembered while they are there. */
    private boolean isAboutAClient(MeshEvent event) {
        return switch (event.kind()) {
            case MEMBER_JOINED -> isClient(event.subject()) && clients.add(event.subject());
            case MEMBER_LEFT -> clients.remove(event.subject());
            default -> false;
        };
    }

    private boolean isClient(String name) {
        return mesh.members().stream()
                .filter(member -> !member.isServer())
                .map(Member::name)
                .anyMatch(name::equals);
    }
}
