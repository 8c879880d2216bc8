/**
 * Benchmarks of single parts under JMH: {@code ./tuli bench micro}. No test runs them.
 *
 * <p>Level 14. Read {@link io.tuli.micro.FrameBenchmark} first.
 */
@NullMarked
package io.tuli.micro;

import org.jspecify.annotations.NullMarked;
