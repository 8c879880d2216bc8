package io.tuli.publish;

import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.interest.LastValues;
import io.tuli.interest.Subjects;
import io.tuli.protocol.Publication;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Asking for what a member keeps, and a page of it, as bytes: what {@code docs/wire.md} says of
 * {@code $last}. Stateless.
 */
final class LastPages {

    private static final int PATTERNS_MAX = 1_000;
    private static final int VALUES_MAX = 10_000;

    private LastPages() {}

    /** What is asked for: what fits these patterns, after a subject. */
    record Question(List<String> patterns, String after) {

        Payload payload() {
            return written(
                    out -> {
                        out.writeShort(patterns.size());
                        for (String pattern : patterns) {
                            out.writeUTF(pattern);
                        }
                        out.writeUTF(after);
                    });
        }

        /**
         * What another member asks for.
         *
         * @throws TuliException BAD_REQUEST where it is no such question
         */
        static Question of(Payload payload) {
            return read(
                    payload,
                    in -> {
                        List<String> patterns = new ArrayList<>();
                        int count = counted(in.readUnsignedShort(), PATTERNS_MAX);
                        for (int i = 0; i < count; i++) {
                            String pattern = in.readUTF();
                            String problem = Subjects.patternProblem(pattern);
                            if (problem != null) {
                                throw new IOException(problem);
                            }
                            patterns.add(pattern);
                        }
                        return new Question(patterns, in.readUTF());
                    });
        }
    }

    /** An answer. */
    static Payload payload(LastValues.Page page) {
        return written(
                out -> {
                    out.writeUTF(page.next());
                    out.writeShort(page.values().size());
                    for (Publication value : page.values()) {
                        out.writeUTF(value.subject());
                        out.writeLong(value.keptMicros());
                        out.writeByte(value.body().format().ordinal());
                        out.writeInt(value.body().sizeBytes());
                        out.write(value.body().bytes());
                    }
                });
    }

    /**
     * What another member has answered.
     *
     * @throws TuliException BAD_REQUEST where it is no such page
     */
    static LastValues.Page page(int service, Payload payload) {
        return read(
                payload,
                in -> {
                    String next = in.readUTF();
                    List<Publication> values = new ArrayList<>();
                    int count = counted(in.readUnsignedShort(), VALUES_MAX);
                    for (int i = 0; i < count; i++) {
                        values.add(value(service, in));
                    }
                    return new LastValues.Page(values, next);
                });
    }

    private static Publication value(int service, DataInputStream in) throws IOException {
        String subject = in.readUTF();
        String problem = Subjects.subjectProblem(subject);
        long micros = in.readLong();
        Payload.Format[] formats = Payload.Format.values();
        int format = in.readUnsignedByte();
        int length = in.readInt();
        if (problem != null || format >= formats.length || length < 0 || length > in.available()) {
            throw new IOException("a value that is kept breaks its rule: " + problem);
        }
        Payload body = Payload.of(formats[format], in.readNBytes(length));
        return new Publication(service, subject, body, Math.max(1, micros), List.of());
    }

    private static int counted(int count, int most) throws IOException {
        if (count > most) {
            throw new IOException("there are too many: count=" + count + " most=" + most);
        }
        return count;
    }

    /** Writes fields into memory. */
    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static Payload written(Writing fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            fields.to(new DataOutputStream(bytes));
        } catch (IOException never) {
            throw new IllegalStateException("memory takes what is written", never);
        }
        return Payload.opaque(bytes.toByteArray());
    }

    /** Reads fields from memory. */
    private interface Reading<R> {
        R from(DataInputStream in) throws IOException;
    }

    private static <R> R read(Payload payload, Reading<R> fields) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload.bytes()))) {
            return fields.from(in);
        } catch (IOException broken) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "what is asked of what is kept, or answered, has its form: "
                            + broken.getMessage());
        }
    }
}
