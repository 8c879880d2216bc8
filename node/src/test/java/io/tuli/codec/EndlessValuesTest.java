package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.TuliException;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Values without an end, or a long way from it, are given up as soon as they are too large. */
class EndlessValuesTest {

    private static final int MESSAGE_BYTES = 4_096;

    private final JsonCodec codec =
            new JsonCodec(Limits.builder().messageBytes(MESSAGE_BYTES).build());

    /** How often anything was asked of the value. */
    private int drawn;

    private void assertGivenUp(Object value, Failure failure) {
        assertThatThrownBy(() -> codec.encode(value))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(failure))
                .hasMessageContaining(value.getClass().getTypeName());
        assertThat(drawn).isLessThan(16 * MESSAGE_BYTES);
    }

    private <E> Iterator<E> endless(E element) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public E next() {
                drawn++;
                return element;
            }
        };
    }

    private Set<Map.Entry<String, Object>> endlessEntries() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, Object>> iterator() {
                return endless(Map.entry("a", 1));
            }

            @Override
            public int size() {
                return 3;
            }
        };
    }

    @Test
    void iterables() {
        Iterable<Integer> endless = () -> endless(1);
        assertGivenUp(endless, Failure.TOO_LARGE);
        assertGivenUp(List.of(1, endless).toArray(), Failure.TOO_LARGE);
    }

    @Test
    void iterators() {
        assertGivenUp(endless("x"), Failure.TOO_LARGE);
        assertGivenUp(endless(List.of()), Failure.TOO_LARGE);
    }

    @Test
    void maps() {
        assertGivenUp(
                new AbstractMap<String, Object>() {
                    @Override
                    public Set<Map.Entry<String, Object>> entrySet() {
                        return endlessEntries();
                    }
                },
                Failure.TOO_LARGE);
    }

    /** Its entries are sorted first, because it has no order. */
    @Test
    void mapsThatSayTheyAreSmall() {
        Map<String, Object> endless =
                new HashMap<>() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public Set<Map.Entry<String, Object>> entrySet() {
                        return endlessEntries();
                    }

                    @Override
                    public int size() {
                        return 3;
                    }
                };

        assertGivenUp(endless, Failure.BAD_REQUEST);
    }

    @Test
    void longArrays() {
        assertGivenUp(new long[1 << 24], Failure.TOO_LARGE);
        assertGivenUp(new String[1 << 20], Failure.TOO_LARGE);
        assertGivenUp(List.of(new byte[1 << 24]).toArray(), Failure.TOO_LARGE);
        assertGivenUp(List.of("x".repeat(1 << 24)).toArray(), Failure.TOO_LARGE);
    }

    @Test
    void streams() {
        assertGivenUp(Stream.generate(() -> drawn++), Failure.TOO_LARGE);
    }

    /** Each time it is asked there is one more below. */
    public final class Deeper {
        public Deeper getBelow() {
            drawn++;
            return new Deeper();
        }
    }

    /** Two more below each: as a whole it would be 2^600 objects. */
    public final class Wider {
        public List<Wider> getBelow() {
            drawn++;
            return List.of(new Wider(), new Wider());
        }
    }

    @Test
    void whatHoldsItselfOrGoesOnBelow() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        AtomicReference<Object> reference = new AtomicReference<>();
        reference.set(reference);

        assertGivenUp(itself, Failure.TOO_LARGE);
        assertGivenUp(new Deeper(), Failure.TOO_LARGE);
        assertGivenUp(new Wider(), Failure.TOO_LARGE);
        assertGivenUp(reference, Failure.BAD_REQUEST);
    }

    @Test
    void whatIsLongAndHasAnEndIsWritten() {
        Iterable<Integer> some = () -> List.of(1, 2, 3).iterator();

        assertThat(codec.encode(some)).hasToString("[1,2,3]");
        assertThat(codec.encode(new int[MESSAGE_BYTES / 2]).sizeBytes())
                .isEqualTo(MESSAGE_BYTES + 1);
    }
}
