/**
 * Other products under the same load, each by the client its makers publish.
 *
 * <p>Level 14. Not part of the build: {@code bench/install-peers.sh} compiles it. Read {@link
 * io.tuli.peers.KafkaClientMain} first.
 */
@NullMarked
package io.tuli.peers;

import org.jspecify.annotations.NullMarked;
