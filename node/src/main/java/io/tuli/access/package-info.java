/**
 * Level 8: what a member may say and ask for: frames by its role, services by rules.
 *
 * <p>Read first: {@link io.tuli.access.Access}, {@link io.tuli.access.Permission}, {@link
 * io.tuli.access.Rule}.
 */
@NullMarked
package io.tuli.access;

import org.jspecify.annotations.NullMarked;
