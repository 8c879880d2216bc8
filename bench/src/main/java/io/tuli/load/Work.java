package io.tuli.load;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.measure.Records;
import io.tuli.measure.Sender;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What a client sends, and what it takes for an answer. Each sender is used by one thread. */
enum Work {
    /** An update, when its reply is here: applied at the owner, with the copies asked for. */
    UPDATE {
        @Override
        Sender sender(List<Service<byte[]>> services, Records records) {
            return new Updates(services, records) {
                @Override
                CompletableFuture<?> milestone(Call<Void> call) {
                    return call.reply();
                }
            };
        }
    },
    /** An update, when it is known to be in the owner's queue. */
    ACCEPTED {
        @Override
        Sender sender(List<Service<byte[]>> services, Records records) {
            return new Updates(services, records) {
                @Override
                CompletableFuture<?> milestone(Call<Void> call) {
                    return call.accepted();
                }
            };
        }
    },
    /** An update, when it is known to be committed. */
    COMMITTED {
        @Override
        Sender sender(List<Service<byte[]>> services, Records records) {
            return new Updates(services, records) {
                @Override
                CompletableFuture<?> milestone(Call<Void> call) {
                    return call.committed();
                }
            };
        }
    },
    /** A message to a handler, when the handler's answer is here. */
    REPLY {
        @Override
        Sender sender(List<Service<byte[]>> services, Records records) {
            return new Checks(services, records);
        }
    };

    /** Messages go to the services in turn. */
    abstract Sender sender(List<Service<byte[]>> services, Records records);

    private abstract static class Refusable implements Sender {

        @Override
        public boolean isRefusal(Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
            return cause instanceof TuliException known && known.failure() == Failure.OVERLOADED;
        }
    }

    private static Service<byte[]> chosen(List<Service<byte[]>> services, long index) {
        return services.get((int) (index % services.size()));
    }

    private abstract static class Updates extends Refusable {
        private final List<Service<byte[]>> services;
        private final Records records;

        Updates(List<Service<byte[]>> services, Records records) {
            this.services = services;
            this.records = records;
        }

        abstract CompletableFuture<?> milestone(Call<Void> call);

        @Override
        public CompletableFuture<?> send(long index, long round) {
            byte[] value = records.value(records.valueNumber(index, round));
            return milestone(chosen(services, index).update(records.key(index), value));
        }

        /** That every update arrived is seen in the servers' states. */
        @Override
        public void check(long index, long round, Object answer) {}
    }

    /** Messages made from templates: what differs between two is the body. */
    private static final class Checks extends Refusable {
        private static final int TEMPLATES = 4096;

        private final List<Service<byte[]>> services;
        private final Records records;
        private final Message[] templates;

        Checks(List<Service<byte[]>> services, Records records) {
            this.services = services;
            this.records = records;
            templates = new Message[Math.min(records.count(), TEMPLATES)];
            for (int i = 0; i < templates.length; i++) {
                templates[i] = Message.of(BenchService.CHECK).key(records.key(i));
            }
        }

        @Override
        public CompletableFuture<?> send(long index, long round) {
            byte[] body = records.value(records.valueNumber(index, round));
            Message message = templates[(int) (index % templates.length)].carrying(body);
            return chosen(services, index).send(message, Payload.class).reply();
        }

        @Override
        public void check(long index, long round, Object answer) {
            int expected = records.check(records.valueNumber(index, round));
            int told = BenchService.check((Payload) answer);
            if (told != expected) {
                throw new IllegalStateException(
                        "an answer must be its request's: index="
                                + index
                                + " expected="
                                + expected
                                + " told="
                                + told);
            }
        }
    }
}
