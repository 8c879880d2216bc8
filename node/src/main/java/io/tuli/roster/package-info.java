/**
 * Level 11: how clients know who is there: they are no members of the group in which servers agree
 * on views, but are told over their links.
 *
 * <p>Read first: {@link io.tuli.roster.ClientsChannel}, {@link io.tuli.roster.RosterChannel}.
 */
@NullMarked
package io.tuli.roster;

import org.jspecify.annotations.NullMarked;
