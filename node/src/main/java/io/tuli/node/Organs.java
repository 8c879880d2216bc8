package io.tuli.node;

import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.codec.JsonCodec;
import io.tuli.log.Documents;
import io.tuli.membership.Membership;
import io.tuli.transport.Transport;

/** All parts of one member, composed. What each does, and on which thread, it says itself. */
record Organs(
        Member self,
        Limits limits,
        MemberSetting setting,
        JsonCodec codec,
        Documents documents,
        Loops loops,
        ServiceBook book,
        Opener opener,
        Directory directory,
        Neighbours neighbours,
        Listeners listeners,
        Calls calls,
        Reports reports,
        Visitors visitors,
        HandlerBridge handlers,
        Transport transport,
        Membership membership) {}
