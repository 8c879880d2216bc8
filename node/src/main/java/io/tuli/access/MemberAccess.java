package io.tuli.access;

import io.tuli.Caller;
import io.tuli.arrival.ArrivedCaller;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.Reserved;
import io.tuli.secret.Role;
import io.tuli.secret.Token;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the member at the other end of one link may say. It is worked out once for each service, and
 * anew when rules have changed. Loop-confined.
 */
public final class MemberAccess {

    /** As many services as nobody uses: those that are named beyond are worked out each time. */
    private static final int KNOWN_MAX = 1_024;

    private final Access access;
    private final Role role;
    private final String name;
    private final @Nullable TokenRights token;

    /** Who calls where it sends something, as it has proven; none where it has not. */
    private final Extensions itself;

    private final Map<Integer, Access.Granted> known = new HashMap<>();
    private Access.State state;
    private boolean hasChanged;
    private boolean isFull;
    private int lastService;
    private Access.@Nullable Granted last;

    /**
     * Of one member.
     *
     * @param name as far as it has proven it; otherwise what it says
     */
    public MemberAccess(Access access, Role role, String name) {
        this(access, role, name, null, false);
    }

    /**
     * Of one member, that may have a token or a certificate.
     *
     * @param claims of its token, whose rights are all it has; null for none
     * @param isCertified whether the name is that of its certificate
     */
    public MemberAccess(
            Access access,
            Role role,
            String name,
            Token.@Nullable Claims claims,
            boolean isCertified) {
        this.access = access;
        this.role = role;
        this.name = name;
        this.token = claims == null ? null : new TokenRights(claims);
        this.state = access.state();
        boolean isKnown = role != Role.SERVER && (claims != null || isCertified);
        this.itself =
                isKnown
                        ? Extensions.NONE.as(caller(claims == null ? "certificate" : "token", name))
                        : Extensions.NONE;
    }

    private static Caller caller(String provider, String name) {
        int length = Math.min(name.length(), Caller.USER_CHARS_MOST);
        String user = name.substring(0, length);
        return Caller.arrived(new ArrivedCaller(provider, user, new byte[0], true));
    }

    /** Whether it may send this frame. */
    public Permission of(Frame frame) {
        Permission byRole = Permission.of(role, frame);
        if (byRole == Permission.ALLOWED && isKept(frame)) {
            return isAnswered(frame) ? Permission.DENIED : Permission.IGNORED;
        }
        boolean isDenied =
                role != Role.SERVER && byRole == Permission.ALLOWED && lacks(frame) != null;
        return isDenied ? Permission.DENIED : byRole;
    }

    /** Whether it is about a service that is kept in this process. */
    private boolean isKept(Frame frame) {
        return access.keepsSome() && access.keeps(serviceOf(frame));
    }

    private static boolean isAnswered(Frame frame) {
        return switch (frame) {
            case Frame.Request request -> true;
            case Frame.Ask ask -> true;
            case Frame.Follow follow -> true;
            case Frame.Publish publish -> true;
            default -> false;
        };
    }

    /** Which right it would need for this frame; null if it has it, or none is needed. */
    private @Nullable Right lacks(Frame frame) {
        return switch (frame) {
            case Frame.Request request ->
                    granted(request.service())
                            .lacksFor(request.verb(), request.verb().equals(Reserved.READ));
            case Frame.Ask ask -> lacks(ask);
            case Frame.Follow follow -> lacks(follow.service(), Right.FOLLOW);
            case GroupFrame.Claim claim -> lacks(claim.service(), Right.FOLLOW);
            case Frame.Publish publish -> lacks(publish.publication().service(), Right.WRITE);
            default -> null;
        };
    }

    private @Nullable Right lacks(Frame.Ask ask) {
        return switch (ask.verb()) {
            case Reserved.REPORT, Reserved.ALIVE -> null;
            case Reserved.LAST -> lacks(ask.service(), Right.FOLLOW);
            default -> granted(ask.service()).lacksToAsk(ask.verb());
        };
    }

    private @Nullable Right lacks(int service, Right needed) {
        return granted(service).rights().has(needed) ? null : needed;
    }

    /** Whether it may hear what is published of a service. */
    public boolean mayHear(int service) {
        return !access.keeps(service)
                && (role == Role.SERVER || lacks(service, Right.FOLLOW) == null);
    }

    private Access.Granted granted(int service) {
        Access.Granted before = last;
        if (before != null && service == lastService && state == access.state()) {
            return before;
        }
        if (state != access.state()) {
            hasChanged = isChanged();
            state = access.state();
            known.clear();
        }
        Access.Granted now = known.get(service);
        if (now == null) {
            now = granted(state, service);
            isFull |= known.size() >= KNOWN_MAX;
            if (!isFull) {
                known.put(service, now);
            }
        }
        lastService = service;
        last = now;
        return now;
    }

    private Access.Granted granted(Access.State by, int service) {
        return token == null
                ? by.granted(role, name, service)
                : new Access.Granted(
                        token.of(service).and(Rights.of(role)), by.reads(service), "its token");
    }

    /**
     * A frame as this member may send it: the names that the holder of a token gives its requests
     * are its own, and use up nobody else's; and who has proven a name calls by it.
     */
    public Frame own(Frame frame) {
        return switch (frame) {
            case Frame.Request request -> own(request);
            case Frame.Ask ask -> own(ask);
            default -> frame;
        };
    }

    private Frame.Ask own(Frame.Ask ask) {
        Caller caller = itself.caller();
        return caller == null ? ask : ask.with(ask.extensions().as(caller));
    }

    private Frame.Request own(Frame.Request request) {
        Frame.Request own =
                token == null || !request.id().isNamed()
                        ? request
                        : request.named(token.own(request.id()));
        Caller caller = itself.caller();
        if (caller == null) {
            return own;
        }
        Extensions said = own.extensions();
        return own.with(said.isOfDocument() ? said.as(caller) : itself);
    }

    /** Why a frame is denied, without a key or a value. */
    public String why(Frame frame) {
        if (isKept(frame)) {
            return "the service is internal to its process" + verbOf(frame);
        }
        Right needed = lacks(frame);
        if (needed == null) {
            String rule =
                    speaks(frame)
                            ? "only servers speak for others: role="
                            : "the role of who asks must allow it: role=";
            return rule + role.text() + verbOf(frame);
        }
        Access.Granted granted = granted(serviceOf(frame));
        return "the rights of who asks must allow it: role="
                + role.text()
                + verbOf(frame)
                + " needs="
                + needed.letter()
                + " has="
                + granted.rights()
                + " by="
                + granted.because()
                + " name="
                + name;
    }

    private static boolean speaks(Frame frame) {
        return switch (frame) {
            case Frame.Request request -> request.extensions().caller() != null;
            case Frame.Ask ask -> ask.extensions().caller() != null;
            default -> false;
        };
    }

    private static String verbOf(Frame frame) {
        return switch (frame) {
            case Frame.Request request -> " verb=" + request.verb();
            case Frame.Ask ask -> " verb=" + ask.verb();
            default -> "";
        };
    }

    private static int serviceOf(Frame frame) {
        return switch (frame) {
            case Frame.Ask ask -> ask.service();
            case Frame.OfPartition about -> about.service();
            case Frame.Publish publish -> publish.publication().service();
            default -> 0;
        };
    }

    /** The service's name, as far as this member knows it. */
    public String nameOf(int service) {
        return access.state().nameOf(service);
    }

    /**
     * Whether it has other rights now to what it has used: who has lost some must not go on with
     * what it began, and who has gained some may begin anew.
     */
    public boolean isChanged() {
        Access.State now = access.state();
        if (hasChanged || (now != state && isFull)) {
            return true;
        }
        return now != state
                && known.entrySet().stream()
                        .anyMatch(
                                each ->
                                        !granted(now, each.getKey())
                                                .rights()
                                                .equals(each.getValue().rights()));
    }
}
