package io.tuli.membership;

import java.io.DataInput;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.logging.NoopLogImpl;
import org.jgroups.protocols.TCP;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of the control channel; differs from its parent in four things. Used by the threads
 * of its JGroups stack.
 *
 * <p>It reads nothing but what members send, see {@link StrictReader}: no batches, because the
 * bundler of this channel makes none.
 *
 * <p>At a view change the parent closes the connections of all that are not in the view: of those
 * whose request to join has just come, and of those whom the answer to their leave is still on its
 * way to. Twenty members that started at once then waited for retransmissions, and every fifth
 * leave for its time-out. This one closes only those on which nothing has come for a while. They
 * must be closed: of a member that a split of the network took away there may be a connection on
 * which TCP repeats what it has sent at ever longer intervals. After the split has healed, whatever
 * is sent there waits for that, up to as long as the split has lasted; on a new connection it
 * arrives at once.
 *
 * <p>It knows where a member is from its address, and need not be told.
 *
 * <p>And what it has to say about single connections - that one was closed while it was read, that
 * a stranger sent garbage - is for debugging only: views tell who is there.
 */
final class ControlSockets extends TCP {

    private static final Logger LOG = LoggerFactory.getLogger(ControlSockets.class);
    private static final long IDLE_MILLIS = 60_000;
    private static final long REAP_MILLIS = 20_000;

    private final LastHeard lastHeard = new LastHeard();
    private final StrictReader reader;

    /**
     * @param isSealed whether a {@link Seal} is above it
     */
    ControlSockets(boolean isSealed) {
        this.reader = new StrictReader(isSealed);
        setId(ClassConfigurator.getProtocolId(TCP.class));
        setConnExpireTime(IDLE_MILLIS);
        setReaperInterval(REAP_MILLIS);
    }

    @Override
    public void start() throws Exception {
        super.start();
        srv.log(new DebugLog());
    }

    @Override
    public void receive(Address sender, byte[] bytes, int offset, int length) {
        lastHeard.heard(sender, System.nanoTime());
        super.receive(sender, bytes, offset, length);
    }

    @Override
    public void receive(Address sender, DataInput in, int length) throws Exception {
        byte[] bytes = StrictReader.bytes(in, length);
        receive(sender, bytes, 0, bytes.length);
    }

    @Override
    protected void handleSingleMessage(DataInput in, boolean multicast) {
        try {
            Message message = reader.message((ByteArrayDataInputStream) in);
            if (multicast || !unicastDestMismatch(message.getDest())) {
                msg_processing_policy.process(message, message.isFlagSet(Message.Flag.OOB));
            }
        } catch (Exception | LinkageError refused) {
            LOG.debug("refused what no member sends: {}", refused.toString());
        }
    }

    @Override
    protected void handleMessageBatch(DataInput in, boolean multicast) {
        LOG.debug("refused a batch: no member sends one");
    }

    @Override
    public void retainAll(Collection<Address> members) {
        Set<Address> peers = new HashSet<>();
        srv.forAllConnections((peer, connection) -> peers.add(peer));
        for (Address silent : lastHeard.silent(peers, members, System.nanoTime())) {
            LOG.debug("closing the connection to {}, which was silent and has gone", silent);
            srv.closeConnection(silent, false);
        }
    }

    /** Where a member is its address says, also when it has left and is forgotten. */
    @Override
    public @Nullable PhysicalAddress getPhysicalAddressFromCache(Address member) {
        PhysicalAddress cached = super.getPhysicalAddressFromCache(member);
        return cached != null
                ? cached
                : MemberAddress.control(member).map(IpAddress::new).orElse(null);
    }

    private static final class DebugLog extends NoopLogImpl {

        @Override
        public boolean isErrorEnabled() {
            return LOG.isDebugEnabled();
        }

        @Override
        public boolean isWarnEnabled() {
            return LOG.isDebugEnabled();
        }

        @Override
        public void error(String format, Object... facts) {
            debug(format, facts);
        }

        @Override
        public void error(String message, Throwable cause) {
            LOG.debug(message, cause);
        }

        @Override
        public void warn(String format, Object... facts) {
            debug(format, facts);
        }

        @Override
        public void warn(String message, Throwable cause) {
            LOG.debug(message, cause);
        }

        @Override
        @SuppressWarnings("AnnotateFormatMethod") // the format is its caller's, inside JGroups
        public void debug(String format, Object... facts) {
            if (LOG.isDebugEnabled()) {
                LOG.debug(String.format(format, facts));
            }
        }
    }
}
