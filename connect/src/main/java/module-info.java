/** Services that begin with what a store has, and write their changes back to it. */
module io.tuli.connect {
    requires java.logging;
    requires transitive io.tuli.node;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.tuli.connect;
    exports io.tuli.jdbc;
    exports io.tuli.lines;
}
