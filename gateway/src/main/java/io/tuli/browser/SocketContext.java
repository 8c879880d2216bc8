package io.tuli.browser;

import io.tuli.channels.ChannelRules;
import io.tuli.header.Cors;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.Invoker;
import io.tuli.invoke.Logins;

/**
 * What sessions need of the gateway.
 *
 * @param invoker makes their calls
 * @param exposures whose events they hear
 * @param logins how they log in
 * @param rules which events they hear
 * @param cors from which pages they may come
 * @param limits what they may have
 */
public record SocketContext(
        Invoker invoker,
        Exposures exposures,
        Logins logins,
        ChannelRules rules,
        Cors cors,
        SocketLimits limits) {}
