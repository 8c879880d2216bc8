/**
 * The processes that carry the load: members of Tuli that serve, and clients that send, written as
 * a user of the public API would write them.
 *
 * <p>Level 14. Read {@link io.tuli.load.ServerMain} first, then {@link io.tuli.load.ClientMain}.
 */
@NullMarked
package io.tuli.load;

import org.jspecify.annotations.NullMarked;
