package io.tuli.membership;

import io.tuli.MemberId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.stack.Protocol;
import org.jgroups.util.ByteArray;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts and authenticates everything that the control channel sends, right above its sockets:
 * who does not know the mesh's secret can neither join nor read, suspect, answer or lie. Used by
 * the threads of its JGroups stack.
 *
 * <p>Each message is put whole - headers too - into an envelope:
 *
 * <pre>
 * envelope = node:i64 incarnation:i64 counter:i64 AES-256-GCM(key of that member, counter, message)
 * </pre>
 *
 * The key is that of the sender's life and the counter never repeats in it, so a nonce is used
 * once. JGroups' own SYM_ENCRYPT is not used: it leaves the headers open and takes messages without
 * a body, such as a request to join, from whoever has seen one.
 *
 * <p>What it does not do: tell a recorded message from a fresh one. Those above mostly do, by
 * sequence numbers; a replayed join makes a ghost that failure detection removes.
 */
final class Seal extends Protocol {

    private static final Logger LOG = LoggerFactory.getLogger(Seal.class);
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int TAG_BITS = 128;
    private static final int HEADER_BYTES = 3 * Long.BYTES;
    private static final int SENDERS_MAX = 1_000;
    private static final StrictReader READER = new StrictReader(false);

    private final MeshKey key;
    private final MemberId self;
    private final SecretKeySpec own;
    private final AtomicLong counter = new AtomicLong();
    private final AtomicBoolean hasWarned = new AtomicBoolean();
    private final Map<MemberId, SecretKeySpec> keys =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        @Override
                        protected boolean removeEldestEntry(
                                Map.Entry<MemberId, SecretKeySpec> eldest) {
                            return size() > SENDERS_MAX;
                        }
                    });

    Seal(MeshKey key, MemberId self) {
        this.key = key;
        this.self = self;
        this.own = key.keyOf(self.node(), self.incarnation());
    }

    @Override
    public String getName() {
        return "TULI_SEAL";
    }

    @Override
    public @Nullable Object down(Message message) {
        if (message.getSrc() == null) {
            message.setSrc(local_addr);
        }
        try {
            Message envelope =
                    new BytesMessage(message.getDest(), seal(Util.messageToBuffer(message)))
                            .setSrc(message.getSrc())
                            .setFlag(message.getFlags(false), false)
                            .setFlag(message.getFlags(true), true);
            return down_prot.down(envelope);
        } catch (Exception e) {
            throw new IllegalStateException("a control message could not be sealed", e);
        }
    }

    private byte[] seal(ByteArray message) throws GeneralSecurityException {
        long number = counter.incrementAndGet();
        Cipher cipher = cipher(Cipher.ENCRYPT_MODE, own, number);
        ByteBuffer out =
                ByteBuffer.allocate(HEADER_BYTES + cipher.getOutputSize(message.getLength()));
        out.putLong(self.node()).putLong(self.incarnation()).putLong(number);
        cipher.doFinal(
                ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength()), out);
        return out.array();
    }

    @Override
    public @Nullable Object up(Message envelope) {
        Message message;
        try {
            message = open(envelope);
        } catch (Exception e) {
            if (!hasWarned.getAndSet(true)) {
                LOG.warn("{}: refused a message without our secret: {}", self, e.toString());
            }
            return null;
        }
        return up_prot.up(message);
    }

    @Override
    public void up(MessageBatch batch) {
        for (Message envelope : batch) {
            up(envelope);
        }
    }

    private Message open(Message envelope) throws Exception {
        if (!(envelope instanceof BytesMessage) || envelope.getLength() < HEADER_BYTES) {
            throw new GeneralSecurityException("not sealed");
        }
        ByteBuffer in =
                ByteBuffer.wrap(envelope.getArray(), envelope.getOffset(), envelope.getLength());
        MemberId sender = new MemberId(in.getLong(), in.getLong());
        long number = in.getLong();
        SecretKeySpec known = keys.get(sender);
        SecretKeySpec theirs =
                known == null ? key.keyOf(sender.node(), sender.incarnation()) : known;
        Cipher cipher = cipher(Cipher.DECRYPT_MODE, theirs, number);
        ByteBuffer out = ByteBuffer.allocate(cipher.getOutputSize(in.remaining()));
        cipher.doFinal(in, out);
        if (known == null) {
            keys.put(sender, theirs);
        }
        return READER.message(new ByteArrayDataInputStream(out.array(), 0, out.position()));
    }

    private static Cipher cipher(int mode, SecretKeySpec key, long number)
            throws GeneralSecurityException {
        byte[] nonce =
                ByteBuffer.allocate(Integer.BYTES + Long.BYTES).putInt(0).putLong(number).array();
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
