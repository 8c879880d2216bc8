/**
 * Which connections hear what: channels, and who is in them. Level 14. Read first: {@link
 * io.tuli.channels.ChannelIndex}.
 */
@NullMarked
package io.tuli.channels;

import org.jspecify.annotations.NullMarked;
