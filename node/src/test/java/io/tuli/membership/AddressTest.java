package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Member;
import io.tuli.MemberId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Test;

/** Members in JGroups' terms: their addresses, and who stands first in a view. */
class AddressTest {

    private static final InetSocketAddress CONTROL =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 8_000);

    @Test
    void anAddressCarriesTheMemberOverTheWire() throws Exception {
        Member member =
                new Member(
                        new MemberId(-5, Long.MAX_VALUE),
                        "Zürich 1",
                        Member.Role.CLIENT,
                        "host.example",
                        65_535);

        byte[] wire = Util.objectToByteBuffer(MemberAddress.of(member, CONTROL));
        Address read = Util.objectFromByteBuffer(wire);

        assertThat(MemberAddress.member(read)).contains(member);
        assertThat(MemberAddress.control(read)).contains(CONTROL);
        assertThat(MemberAddress.isServer(read)).isFalse();
    }

    @Test
    void anAddressOfAnotherKindIsNoMember() {
        List<Address> odd =
                List.of(
                        UUID.randomUUID(),
                        new ExtendedUUID(1, 2),
                        said("S 70000 host 1 127.0.0.1"),
                        said("S 7000 host 1 a-name-to-look-up"),
                        said("S 7000 host 1 256.0.0.1"),
                        said("X 7000 host 1 127.0.0.1"));

        for (Address address : odd) {
            assertThat(MemberAddress.member(address)).isEmpty();
            assertThat(MemberAddress.control(address)).isEmpty();
        }
    }

    @Test
    void anAddressOfTheSixthVersionIsOneToo() {
        assertThat(MemberAddress.control(said("S 7000 host 8000 0:0:0:0:0:0:0:1"))).isPresent();
        assertThat(MemberAddress.control(said("S 7000 host 8000 :::::"))).isEmpty();
    }

    private static Address said(String endpoint) {
        ExtendedUUID address = new ExtendedUUID(1, 2);
        address.put("at", endpoint.getBytes(StandardCharsets.UTF_8));
        address.put("name", new byte[] {'x'});
        return address;
    }

    @Test
    void aNameThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> address(Members.server("n".repeat(256))))
                .hasMessageContaining("1..255 bytes");
    }

    @Test
    void serversStandBeforeClients() {
        Address client = address(Members.client("c"));
        Address first = address(Members.server("1"));
        Address second = address(Members.server("2"));
        ServersFirst policy = new ServersFirst();

        assertThat(policy.getNewMembership(List.of(client, first), List.of(), List.of(), List.of()))
                .containsExactly(first, client);
        assertThat(policy.getNewMembership(List.of(client), List.of(), List.of(client), List.of()))
                .isEmpty();
        assertThat(
                        policy.getNewMembership(
                                List.of(first, client), List.of(second), List.of(), List.of(first)))
                .containsExactly(client, second);
    }

    @Test
    void aClientStaysCoordinatorWhileOthersJoin() {
        Address client = address(Members.client("c"));
        Address server = address(Members.server("s"));
        Address joining = address(Members.client("j"));

        assertThat(
                        new ServersFirst()
                                .getNewMembership(
                                        List.of(client),
                                        List.of(joining, server),
                                        List.of(),
                                        List.of()))
                .containsExactly(client, server, joining);
    }

    @Test
    void theSideWithMostServersComesFirstInAMerge() {
        Address lone = address(Members.server("lone"));
        Address first = address(Members.server("1"));
        Address second = address(Members.server("2"));
        Address client = address(Members.client("c"));
        ServersFirst policy = new ServersFirst();

        List<Address> merged =
                policy.getNewMembership(
                        List.of(List.of(lone), List.of(client, second, first), List.of(lone)));

        assertThat(merged).containsExactly(second, first, lone, client);
    }

    private static Address address(Member member) {
        return MemberAddress.of(member, CONTROL);
    }
}
