/**
 * {@code ./tuli bench}: starts the processes, tells them what to do, reads what it cost, and says
 * so.
 *
 * <p>Level 10. Read {@link io.tuli.bench.Bench} first, then {@link io.tuli.bench.Fleet} and {@link
 * io.tuli.bench.Measured}.
 */
@NullMarked
package io.tuli.bench;

import org.jspecify.annotations.NullMarked;
