/**
 * Level 3: how members agree on who serves what. From views, announcements and confirmations to
 * rosters, and from rosters to rings. Pure; the membership carries it.
 *
 * <p>Read first: {@link io.tuli.agreement.Agreement}, {@link io.tuli.agreement.Roster}.
 */
@NullMarked
package io.tuli.agreement;

import org.jspecify.annotations.NullMarked;
