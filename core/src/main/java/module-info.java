/**
 * The pure core, and what users of Tuli import: {@code io.tuli} and nothing else. Its other
 * packages are for the modules of Tuli alone.
 */
@SuppressWarnings("module") // javac meets those it exports to only later
module io.tuli.core {
    requires static transitive org.jspecify;

    exports io.tuli;
    exports io.tuli.type;
    exports io.tuli.agreement to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.arrival to
            io.tuli.node;
    exports io.tuli.ask to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.bytes to
            io.tuli.gateway,
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.interest to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.call to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.member to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.error to
            io.tuli.connect,
            io.tuli.gateway,
            io.tuli.metrics,
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.document to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.log to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.protocol to
            io.tuli.connect,
            io.tuli.gateway,
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.replica to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.ring to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.lifetime to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.machine to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.merge to
            io.tuli.node,
            io.tuli.sim;
    exports io.tuli.tunnel to
            io.tuli.node,
            io.tuli.sim;
}
