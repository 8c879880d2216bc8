package io.tuli.loop;

import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.handler.ReplyStreams;
import io.tuli.log.Documents;
import io.tuli.member.MemberRequests;
import io.tuli.service.ServiceBook;
import java.util.function.Consumer;

/**
 * What all loops of a member share.
 *
 * @param limits of one loop: its part where all share one
 * @param onBroken told of an error that must not happen, on a loop
 */
public record LoopContext(
        MemberId self,
        Limits limits,
        Documents documents,
        Loops loops,
        ServiceBook services,
        MemberRequests requests,
        ReplyStreams streams,
        LoopHost.Emissions emissions,
        Consumer<Throwable> onBroken,
        LoopJournal journal) {}
