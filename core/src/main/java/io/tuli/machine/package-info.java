/**
 * Level 3: one partition's state machine: its changelog, state, executed requests and marks; whose
 * turn a request is, what it decides, and who waits for which copy. It knows no roles and no links.
 *
 * <p>A request that cannot be decided fails that request, before anything is appended.
 *
 * <p>Read first: {@link io.tuli.machine.Partition}, {@link io.tuli.machine.RequestExecutor}, {@link
 * io.tuli.machine.Ledger}.
 */
@NullMarked
package io.tuli.machine;

import org.jspecify.annotations.NullMarked;
