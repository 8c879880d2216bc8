/**
 * Level 12: what writers ask of a cluster under faults, what they are promised, and whether it was
 * kept. Knows no process.
 *
 * <p>Read first: {@link io.tuli.workload.Workload}, {@link io.tuli.workload.Evidence}.
 */
@NullMarked
package io.tuli.workload;

import org.jspecify.annotations.NullMarked;
