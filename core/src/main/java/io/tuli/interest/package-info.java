/**
 * Level 3: who wants to hear which subjects, and so where what is published goes. Pure: members and
 * the simulation run the same.
 *
 * <p>What a member wants is state with a version, told over data links: changes as they come, all
 * of it when a link is new or when a version does not fit. Who publishes looks up who wants the
 * subject, and of each group picks one. Who receives looks up its own subscribers.
 *
 * <p>Read first: {@link io.tuli.interest.InterestExchange}, {@link io.tuli.interest.ServiceRoutes},
 * {@link io.tuli.interest.Subscribers}.
 */
@NullMarked
package io.tuli.interest;

import org.jspecify.annotations.NullMarked;
