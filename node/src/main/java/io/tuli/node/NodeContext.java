package io.tuli.node;

import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.codec.JsonCodec;
import io.tuli.log.Documents;
import io.tuli.loop.Calls;
import io.tuli.loop.HandlerBridge;
import io.tuli.loop.Loops;
import io.tuli.loop.MemberRequestHandler;
import io.tuli.loop.PartitionOpener;
import io.tuli.loop.PeerLinks;
import io.tuli.loop.Reports;
import io.tuli.membership.Membership;
import io.tuli.publish.Publishing;
import io.tuli.service.Listeners;
import io.tuli.service.ServiceBook;
import io.tuli.spin.Watchdog;
import io.tuli.transport.Transport;
import org.jspecify.annotations.Nullable;

/** All parts of one member, composed. What each does, and on which thread, it says itself. */
record NodeContext(
        Member self,
        Limits limits,
        MemberSetting setting,
        JsonCodec codec,
        Documents documents,
        Loops loops,
        ServiceBook book,
        PartitionOpener opener,
        Directory directory,
        PeerLinks peers,
        Listeners listeners,
        Calls calls,
        Reports reports,
        MemberRequestHandler memberRequests,
        Publishing publishing,
        HandlerBridge handlers,
        Transport transport,
        Watchdog watchdog,
        Membership membership,
        @Nullable MemberJournal journal) {}
