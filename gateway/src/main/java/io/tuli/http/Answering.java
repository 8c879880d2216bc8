package io.tuli.http;

import io.netty.channel.ChannelHandlerContext;

/** What an exchange is answered by. */
interface Answering {

    /** Writes what is answered to a request. */
    void answer(Request request, Response response);

    /** Ends HTTP on the connection; the context of the decoder, which stays. */
    ChannelHandlerContext upgrade();
}
