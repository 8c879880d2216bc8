package io.tuli.protocol;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Verbs;
import io.tuli.error.Excerpt;
import io.tuli.log.Extras;
import io.tuli.log.Extras.GroupPlace;
import java.util.Collection;
import java.util.Map;

/**
 * What every message keeps to, whoever makes it: a caller, a handler's turn, or a fold. Asked where
 * it is made, so that whoever made it hears of it, and nothing is sent that others would refuse.
 */
public final class MessageRules {

    /** Longest verb, in UTF-8. */
    public static final int VERB_BYTES_MAX = 256;

    /** What a header costs besides its name and value. */
    private static final int HEADER_BYTES = 10;

    private MessageRules() {}

    /**
     * Requires that a message can be sent.
     *
     * @throws TuliException TOO_LARGE; BAD_REQUEST where a text has half a surrogate pair
     */
    public static void require(
            String verb, Key key, Payload body, Map<String, String> headers, Limits limits) {
        int verbBytes = bytesOf(verb, "verb");
        if (verbBytes > VERB_BYTES_MAX) {
            throw tooLarge("a verb has at most " + VERB_BYTES_MAX, verbBytes);
        }
        int keyBytes = key.sizeBytes();
        if (keyBytes > limits.keyBytes()) {
            throw tooLarge("a key has at most key.bytes=" + limits.keyBytes(), keyBytes);
        }
        long size = (long) body.sizeBytes() + keyBytes + verbBytes;
        if (!headers.isEmpty()) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                size += HEADER_BYTES;
                size += bytesOf(header.getKey(), "header's name");
                requireHeader(header.getKey());
                size += bytesOf(header.getValue(), "header's value");
            }
        }
        if (size > limits.messageBytes()) {
            throw tooLarge("a message has at most message.bytes=" + limits.messageBytes(), size);
        }
    }

    /**
     * Requires that users may send the verb.
     *
     * @throws TuliException BAD_REQUEST
     */
    public static void requireUnreserved(String verb) {
        if (Verbs.isReserved(verb)) {
            throw refused("verbs that begin with $ are reserved: " + Excerpt.of(verb));
        }
    }

    private static void requireHeader(String name) {
        if (isReservedHeader(name)) {
            throw refused("headers that begin with $ are reserved: " + Excerpt.of(name));
        }
    }

    /** Whether no message has a header of that name. */
    public static boolean isReservedHeader(String name) {
        return !name.isEmpty() && name.charAt(0) == '$';
    }

    /**
     * Requires that an event can have the name.
     *
     * @throws TuliException BAD_REQUEST; TOO_LARGE
     */
    public static void requireEventName(String name) {
        if (name.isEmpty() || name.charAt(0) == '$') {
            throw refused(
                    "an event has a name that does not begin with $: \"" + Excerpt.of(name) + "\"");
        }
        int bytes = bytesOf(name, "event's name");
        if (bytes > Extras.NAME_BYTES_MAX) {
            throw tooLarge("an event's name has at most " + Extras.NAME_BYTES_MAX, bytes);
        }
    }

    /**
     * Requires that a group can have the name.
     *
     * @throws TuliException BAD_REQUEST
     */
    public static void requireGroupName(String name) {
        boolean isName = !name.isEmpty() && name.length() <= GroupPlace.NAME_BYTES_MAX;
        for (int i = 0; i < name.length() && isName; i++) {
            char c = name.charAt(i);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            isName = isLetter || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
        }
        if (!isName) {
            throw refused("a group's name is [A-Za-z0-9_.-]{1,64}: " + Excerpt.of(name));
        }
    }

    /**
     * Requires that an event can be told in these channels.
     *
     * @throws TuliException BAD_REQUEST, TOO_LARGE
     */
    public static void requireChannels(Collection<String> channels) {
        if (channels.size() > Extras.CHANNELS_MAX) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "an event is told in at most "
                            + Extras.CHANNELS_MAX
                            + " channels: channels="
                            + channels.size());
        }
        for (String channel : channels) {
            if (channel.isEmpty()) {
                throw refused("a channel has a name");
            }
            int bytes = bytesOf(channel, "channel's name");
            if (bytes > Extras.CHANNEL_BYTES_MAX) {
                throw tooLarge("a channel's name has at most " + Extras.CHANNEL_BYTES_MAX, bytes);
            }
        }
    }

    /**
     * Requires that there can be a service of that name.
     *
     * @throws TuliException BAD_REQUEST
     */
    public static void requireServiceName(String name) {
        if (!ServiceConfig.isName(name)) {
            throw refused("a service name is [A-Za-z0-9_.-]{1,100}: \"" + Excerpt.of(name) + "\"");
        }
    }

    private static int bytesOf(String text, String what) {
        int bytes = text.length();
        boolean hasSurrogates = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                boolean isSurrogate = Character.isSurrogate(c);
                hasSurrogates |= isSurrogate;
                // Both halves of a pair make four bytes.
                bytes += c < 0x800 || isSurrogate ? 1 : 2;
            }
        }
        if (hasSurrogates && !Excerpt.isWhole(text)) {
            throw refused("a " + what + " has no half of a surrogate pair: " + Excerpt.of(text));
        }
        return bytes;
    }

    private static TuliException tooLarge(String rule, long bytes) {
        return new TuliException(Failure.TOO_LARGE, rule + " bytes: it has " + bytes);
    }

    private static TuliException refused(String text) {
        return new TuliException(Failure.BAD_REQUEST, text);
    }
}
