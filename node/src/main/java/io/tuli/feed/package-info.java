/**
 * Level 8: what follows committed changes - feeds for users, folds of one service into another.
 *
 * <p>Neither keeps a copy of the log. A feed is a set of cursors, one per partition, that fetch
 * from the changelog of the local replica, on the loop that owns it, no more than their consumer
 * has room for; user code runs on virtual threads, never on a loop. The member tells a {@link
 * io.tuli.feed.FeedHub} what is applied, once per service, and the hub wakes all cursors of a loop
 * once per turn of that loop, however many entries the turn brought.
 *
 * <p>What a feed promises beyond {@link io.tuli.Feed}:
 *
 * <ul>
 *   <li>An entry is fetched whole: the limit may be passed by the changes of one entry. Position
 *       moves when all changes of an entry are consumed, so that going on never splits an entry.
 *   <li>A feed begins to deliver a partition when its replica is in sync for the first time. {@code
 *       latest} is the place the replica has then, or when subscribed to if it has been in sync.
 *   <li>{@code start} delivers the changes when the changelog reaches back to offset 0, else one
 *       UPDATE for each key, without a RESET in front: who begins at the start has nothing to
 *       forget.
 *   <li>A place that the changelog does not reach back to, or that belongs to a lineage that was
 *       given up, leads to RESET, one UPDATE for each key of the state, and what follows. {@code
 *       time} before the oldest entry kept is such a place too.
 *   <li>A place ahead of the replica is waited for, two seconds of being in sync. Then it counts as
 *       one of another lineage: after all servers were restarted, places of before look like ones
 *       to come.
 *   <li>A change's place lies inside its entry if more changes follow in that; a feed from there
 *       begins with those.
 *   <li>The state that follows a RESET is read in slices while the partition goes on. A key's
 *       change that the state already shows is not delivered again. All of RESET and state carry
 *       the place {@code START}, so that whoever stops in the middle gets it again from the
 *       beginning; the last one carries the place to go on from.
 *   <li>Filtered by a pattern of deep keys, the state brings the whole documents in which such keys
 *       may be. RESET passes every filter.
 *   <li>DROP_OLDEST and FAIL concern who falls behind after having caught up; before that, and
 *       while a state is read, a feed waits. DROP_OLDEST never drops a RESET or its state.
 * </ul>
 *
 * <p>Read first: {@link io.tuli.feed.Feeds}, {@link io.tuli.feed.FeedHub}, {@link
 * io.tuli.feed.FeedSource}.
 */
@NullMarked
package io.tuli.feed;

import org.jspecify.annotations.NullMarked;
