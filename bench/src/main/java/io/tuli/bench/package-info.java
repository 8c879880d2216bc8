/**
 * {@code ./tuli bench}: what is measured: a class for each benchmark, and their front door.
 *
 * <p>Level 18. Read {@link io.tuli.bench.Bench} first, then {@code Throughput}.
 */
@NullMarked
package io.tuli.bench;

import org.jspecify.annotations.NullMarked;
