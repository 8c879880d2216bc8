package io.tuli.command;

import io.tuli.terminal.Parameter;

/** One command: its class has a {@code GRAMMAR}, and is made from arguments sorted by it. */
public interface Command {

    /** What most commands are about. */
    Parameter SERVICE = Parameter.one("<service>", "Name of the service.");

    /** Does it, and answers how it ended; throws where it failed. */
    Exit run() throws Exception;
}
