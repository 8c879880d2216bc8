/**
 * Level 10: who is in the mesh, and what each member says it serves. One control channel per mesh;
 * no application data travels on it.
 *
 * <p>Read first: {@link io.tuli.membership.Membership}, {@link io.tuli.agreement.Roster}, {@link
 * io.tuli.membership.MembershipConfig}. Then {@code MeshDiscovery} for how members find each other
 * without configuration, and {@code LinkTransport} for what carries it.
 */
@NullMarked
package io.tuli.membership;

import org.jspecify.annotations.NullMarked;
