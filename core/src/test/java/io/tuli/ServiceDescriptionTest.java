package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What services say of themselves. */
@Tag("FD-25")
class ServiceDescriptionTest {

    private static final ServiceDescription SHOP =
            ServiceDescription.NONE
                    .application("shop")
                    .version("2.1")
                    .methods("find", "get")
                    .events("created")
                    .option("group", Map.of("eu", true));

    private static Member member(String name) {
        return new Member(new MemberId(1, name.hashCode()), name, Member.Role.SERVER, "h", 1);
    }

    @Test
    void whatWasSaidIsReadFromItsBytes() {
        ServiceDescription read = ServiceDescription.read(SHOP.form());
        assertThat(read).isEqualTo(SHOP);
        assertThat(read.application()).isEqualTo("shop");
        assertThat(read.version()).isEqualTo("2.1");
        assertThat(read.methods()).containsExactly("find", "get");
        assertThat(read.events()).containsExactly("created");
        assertThat(read.options()).isEqualTo(Map.of("group", Map.of("eu", true)));
        assertThat(ServiceDescription.NONE.form()).isEmpty();
        assertThat(ServiceDescription.read(new byte[0])).isEqualTo(ServiceDescription.NONE);
    }

    @Test
    void whatIsTooMuchIsRefusedWithTheRule() {
        ServiceDescription none = ServiceDescription.NONE;
        refused(() -> none.application("a".repeat(101)), "at most 100 printable");
        refused(() -> none.application("a\u001b[2J"), "printable");
        refused(() -> none.version("1".repeat(33)), "at most 32 printable");
        refused(() -> none.methods(names(65)), "at most 64 methods");
        refused(() -> none.events(names(65)), "at most 64 events");
        refused(() -> none.methods(" "), "not blank");
        refused(() -> none.events("a\nb"), "printable");
        refused(() -> none.option("a", new Object()), "java.lang.Object");
        refused(() -> none.option("a", "x".repeat(2_048)), "at most 2048 bytes");
        assertThat(none.methods(names(64)).methods()).hasSize(64);
    }

    private static String[] names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toArray(String[]::new);
    }

    private static void refused(ThrowingCallable call, String rule) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule);
    }

    @Test
    void bytesOfAnotherFormAreRefused() {
        byte[] form = SHOP.form();
        for (int i = 0; i < form.length; i++) {
            byte[] part = java.util.Arrays.copyOf(form, i);
            if (i > 0) {
                assertThatThrownBy(() -> ServiceDescription.read(part))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThatThrownBy(() -> ServiceDescription.read(new byte[2_049]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void serversThatDifferAreDescribedTogether() {
        ServiceDescription two = SHOP.version("3.0").methods("search").application("other");
        ServiceDescription all =
                ServiceDescription.NONE
                        .of("carts", true)
                        .servedBy(member("one"), false, SHOP)
                        .servedBy(member("two"), false, two)
                        .servedBy(member("gone"), true, SHOP);
        assertThat(all.name()).isEqualTo("carts");
        assertThat(all.isStateless()).isTrue();
        assertThat(all.application()).isEqualTo("shop");
        assertThat(all.version()).isEqualTo("2.1");
        assertThat(all.versions()).containsExactly("2.1", "3.0");
        assertThat(all.methods()).containsExactly("find", "get", "search");
        assertThat(all.servers()).extracting(Member::name).containsExactly("one", "two");
    }

    @Test
    void aResourceSaysItsMethodsAndItsEventsByItself() {
        ServiceDescription todos =
                Resource.documents("todos", Object.class)
                        .without("remove")
                        .method("finish", (message, context) -> null)
                        .config()
                        .description();
        assertThat(todos.name()).isEqualTo("todos");
        assertThat(todos.methods())
                .containsExactlyInAnyOrder("find", "get", "create", "update", "patch", "finish");
        assertThat(todos.events()).containsExactlyInAnyOrder("created", "updated", "patched");
        assertThat(
                        Resource.of("mail")
                                .method("send", (message, context) -> null)
                                .config()
                                .description()
                                .events())
                .isEmpty();
    }

    @Test
    void aResourceOfVeryManyMethodsIsServedAllTheSame() {
        Resource<Void> wide = Resource.of("wide");
        for (int i = 0; i < 500; i++) {
            wide = wide.method("m".repeat(90) + i, (message, context) -> null);
        }
        assertThat(wide.config().description().methods()).hasSizeBetween(5, 64);
        assertThat(List.copyOf(wide.methods())).hasSize(500);
    }
}
