/**
 * Level 8: calls as their callers hold them: futures made when asked for, replies as a publisher,
 * surveys of many members.
 *
 * <p>Read first: {@link io.tuli.reply.PendingCall}, {@link io.tuli.reply.Survey}.
 */
@NullMarked
package io.tuli.reply;

import org.jspecify.annotations.NullMarked;
