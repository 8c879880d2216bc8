package io.tuli.load;

import io.tuli.Call;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.measure.Records;
import io.tuli.measure.Sender;
import java.util.concurrent.CompletableFuture;

/** What a client sends, and what it takes for an answer. Each sender is used by one thread. */
enum Work {
    /** An update, when its reply is here: applied at the owner, with the copies asked for. */
    UPDATE {
        @Override
        Sender sender(Service<byte[]> service, Records records) {
            return new Updates(service, records) {
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
        Sender sender(Service<byte[]> service, Records records) {
            return new Updates(service, records) {
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
        Sender sender(Service<byte[]> service, Records records) {
            return new Updates(service, records) {
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
        Sender sender(Service<byte[]> service, Records records) {
            return new Checks(service, records);
        }
    };

    abstract Sender sender(Service<byte[]> service, Records records);

    private abstract static class Updates implements Sender {
        private final Service<byte[]> service;
        private final Records records;

        Updates(Service<byte[]> service, Records records) {
            this.service = service;
            this.records = records;
        }

        abstract CompletableFuture<?> milestone(Call<Void> call);

        @Override
        public CompletableFuture<?> send(long index, long round) {
            byte[] value = records.value(records.valueNumber(index, round));
            return milestone(service.update(records.key(index), value));
        }

        /** That every update arrived is seen in the servers' states. */
        @Override
        public void check(long index, long round, Object answer) {}
    }

    /** Messages made from templates: what differs between two is the body. */
    private static final class Checks implements Sender {
        private static final int TEMPLATES = 4096;

        private final Service<byte[]> service;
        private final Records records;
        private final Message[] templates;

        Checks(Service<byte[]> service, Records records) {
            this.service = service;
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
            return service.send(message, Payload.class).reply();
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
