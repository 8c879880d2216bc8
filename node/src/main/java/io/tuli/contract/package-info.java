/**
 * A plain Java interface as the verbs of a service: which method sends what, and what comes back.
 * Checked once, when a client or a handler is made of it.
 *
 * <p>Level 7. Read first: {@link io.tuli.contract.Contract}.
 */
@NullMarked
package io.tuli.contract;

import org.jspecify.annotations.NullMarked;
