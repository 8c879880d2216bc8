package io.tuli.load;

import io.tuli.measure.Child;
import io.tuli.measure.ClientChild;
import io.tuli.measure.Records;
import io.tuli.measure.Rounds;
import io.tuli.measure.SenderRounds;
import io.tuli.measure.Words;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;

/** The floor's client: what the kernel and the memory allow, with no future and no callback. */
public final class RawClientMain implements ClientChild.Connector {

    private RawClientMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientChild(new RawClientMain()));
    }

    @Override
    public Rounds connect(Words words, Records records) throws IOException {
        SocketAddress server = RawServerMain.address(words);
        RawBlast blast = new RawBlast(server, records, words.number("window"));
        RawPingPong pingPong = new RawPingPong(server, records);
        Rounds rated = new SenderRounds(List.of(new RawSender(server, records)), 1);
        return (how, count, round) ->
                switch (how.text("how", "pipeline")) {
                    case "pipeline" -> blast.run(count, round);
                    case "closed" -> pingPong.run(count, round);
                    default -> rated.run(how, count, round);
                };
    }
}
