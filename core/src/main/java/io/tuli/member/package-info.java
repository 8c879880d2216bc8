/**
 * Level 6: what one member decides on one of its loops. The event loops of a member and the
 * simulation run this same code.
 *
 * <p>Read first: {@link io.tuli.member.MemberCore}, {@link io.tuli.member.PartitionRouter}.
 */
@NullMarked
package io.tuli.member;

import org.jspecify.annotations.NullMarked;
