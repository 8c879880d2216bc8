package io.tuli.membership;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.error.Require;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jgroups.Address;
import org.jgroups.util.ExtendedUUID;
import org.jspecify.annotations.Nullable;

/**
 * A member as a JGroups address and back. Its identity is the address's 128 bits; role, data port,
 * host, control address and name are carried along. So every view tells them, and nobody ever has
 * to ask where a member is.
 */
final class MemberAddress {

    private static final String ENDPOINT = "at";
    private static final String NAME = "name";
    private static final int VALUE_BYTES_MAX = 255;
    private static final int PORT_MAX = 65_535;

    /** A byte of an IPv4 address in decimal digits. */
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

    /** Never a name, which would have to be looked up because a stranger said it. */
    private static final String LITERAL =
            OCTET + "(?:\\." + OCTET + "){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]{1,45}(?:%\\w{1,16})?";

    /** Role, data port and host, control port and address. */
    private static final Pattern ENDPOINT_TEXT =
            Pattern.compile("([SC]) ([0-9]{1,5}) (\\S{1,150}) ([0-9]{1,5}) (" + LITERAL + ")");

    private MemberAddress() {}

    static ExtendedUUID of(Member member, InetSocketAddress control) {
        String endpoint =
                "%s %d %s %d %s"
                        .formatted(
                                member.isServer() ? "S" : "C",
                                member.port(),
                                member.host(),
                                control.getPort(),
                                control.getAddress().getHostAddress());
        Require.argument(
                ENDPOINT_TEXT.matcher(endpoint).matches() && member.port() <= PORT_MAX,
                "a member has a role, a port 0..65535 and a host of 1..150 characters",
                endpoint);
        byte[] name = member.name().getBytes(StandardCharsets.UTF_8);
        Require.argument(
                name.length > 0 && name.length <= VALUE_BYTES_MAX,
                "a member's name has 1..255 bytes",
                member.name());
        ExtendedUUID address = new ExtendedUUID(member.id().node(), member.id().incarnation());
        address.put(ENDPOINT, endpoint.getBytes(StandardCharsets.UTF_8));
        address.put(NAME, name);
        return address;
    }

    /** The member of this address; empty if it is none of ours. */
    static Optional<Member> member(Address address) {
        return text(address, NAME)
                .flatMap(
                        name ->
                                endpoint(address)
                                        .map(at -> member(idOf((ExtendedUUID) address), name, at)));
    }

    private static Member member(MemberId id, String name, Matcher endpoint) {
        Member.Role role = endpoint.group(1).equals("S") ? Member.Role.SERVER : Member.Role.CLIENT;
        return new Member(id, name, role, endpoint.group(3), Integer.parseInt(endpoint.group(2)));
    }

    /** Where its control channel listens; empty if it is none of ours. */
    static Optional<InetSocketAddress> control(Address address) {
        return endpoint(address)
                .map(at -> new InetSocketAddress(at.group(5), Integer.parseInt(at.group(4))))
                .filter(control -> !control.isUnresolved());
    }

    static boolean isServer(Address address) {
        return endpoint(address).filter(at -> at.group(1).equals("S")).isPresent();
    }

    private static Optional<Matcher> endpoint(Address address) {
        return text(address, ENDPOINT)
                .map(ENDPOINT_TEXT::matcher)
                .filter(Matcher::matches)
                .filter(at -> Integer.parseInt(at.group(2)) <= PORT_MAX)
                .filter(at -> Integer.parseInt(at.group(4)) <= PORT_MAX);
    }

    private static Optional<String> text(Address address, String key) {
        return address instanceof ExtendedUUID extended
                ? Optional.ofNullable(extended.get(key))
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** Its identity; empty if it is none of ours. */
    static Optional<MemberId> id(@Nullable Address address) {
        return address instanceof ExtendedUUID bits ? Optional.of(idOf(bits)) : Optional.empty();
    }

    private static MemberId idOf(ExtendedUUID bits) {
        return new MemberId(bits.getMostSignificantBits(), bits.getLeastSignificantBits());
    }
}
