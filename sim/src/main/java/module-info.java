/** The test kit: real members for a test of JUnit, and simulated ones. */
module io.tuli.sim {
    requires transitive io.tuli.node;
    requires io.netty.buffer;
    requires static org.junit.jupiter.api;

    exports io.tuli.junit;
    exports io.tuli.sim;

    opens io.tuli.junit to
            org.junit.platform.commons;
}
