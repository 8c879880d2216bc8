package io.tuli.hostile;

import io.tuli.Failure;
import io.tuli.Refusal;
import io.tuli.TuliException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What users' code may do instead of what it is for. The verb that asks for it is its name. */
public enum Mischief {
    EXCEPTION {
        @Override
        @Nullable Object make() {
            throw new IllegalStateException("out of order");
        }
    },
    FAILURE {
        @Override
        @Nullable Object make() {
            throw new TuliException(Failure.UNAVAILABLE, "\ud800".repeat(2_000));
        }
    },
    REFUSAL {
        @Override
        @Nullable Object make() {
            throw Refusal.of(422, "Odd-One", "\u001b[2J\ud800").data(new Trap());
        }
    },
    OVERFLOW {
        @Override
        @Nullable Object make() {
            throw new StackOverflowError();
        }
    },
    ASSERTION {
        @Override
        @Nullable Object make() {
            throw new AssertionError("planted");
        }
    },
    LINKAGE {
        @Override
        @Nullable Object make() {
            throw new NoClassDefFoundError("gone");
        }
    },
    OUT_OF_MEMORY {
        @Override
        @Nullable Object make() {
            throw new OutOfMemoryError("the user's");
        }
    },
    MUTE {
        @Override
        @Nullable Object make() {
            throw new Mute();
        }
    },
    NOTHING {
        @Override
        @Nullable Object make() {
            return null;
        }
    },
    NOT_A_NUMBER {
        @Override
        @Nullable Object make() {
            return Double.NaN;
        }
    },
    ITSELF {
        @Override
        @Nullable Object make() {
            return itself();
        }
    },
    TRAP {
        @Override
        @Nullable Object make() {
            return new Trap();
        }
    },
    HALF {
        @Override
        @Nullable Object make() {
            return java.util.Map.of("\udc00", "\ud800");
        }
    },
    LARGE {
        @Override
        @Nullable Object make() {
            return "x".repeat(150_000);
        }
    },
    /** Bytes: a text of that length takes a thousand times as long to write. */
    HUGE {
        @Override
        @Nullable Object make() {
            return new byte[2_500_002];
        }
    },
    FAILED_STAGE {
        @Override
        @Nullable Object make() {
            return CompletableFuture.failedFuture(new Mute());
        }
    },
    ENDLESS_STAGE {
        @Override
        @Nullable Object make() {
            return new CompletableFuture<>();
        }
    },
    TRAP_STAGE {
        @Override
        @Nullable Object make() {
            return new TrapStage();
        }
    };

    /** Does it: throws, or answers what nobody can send. */
    abstract @Nullable Object make();

    /** One of them, the same for the same number. */
    static Mischief of(long number) {
        return values()[(int) Long.remainderUnsigned(number, values().length)];
    }

    /** The one a verb asks for; null if it asks for something else. */
    static @Nullable Mischief asked(String verb) {
        return Arrays.stream(values())
                .filter(each -> each.verb().equals(verb))
                .findFirst()
                .orElse(null);
    }

    static String[] verbs() {
        return Arrays.stream(values()).map(Mischief::verb).toArray(String[]::new);
    }

    private String verb() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A list that has itself for its element. */
    static List<Object> itself() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        return list;
    }

    /** Has nothing to say, and throws when it is asked. */
    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not even that");
        }

        @Override
        public String toString() {
            throw new AssertionError("nor that");
        }
    }

    /** A value that throws when it is written. */
    static final class Trap {
        @SuppressWarnings("DoNotCallSuggester") // Whoever writes the value is to call it.
        public String getName() {
            throw new AssertionError("planted");
        }
    }

    /** A stage that throws when it is listened to. */
    private static final class TrapStage extends CompletableFuture<Object> {
        @Override
        public CompletableFuture<Object> whenComplete(
                BiConsumer<? super @Nullable Object, ? super @Nullable Throwable> action) {
            throw new Mute();
        }
    }
}
