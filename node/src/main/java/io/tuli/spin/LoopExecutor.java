package io.tuli.spin;

/**
 * The loops that a service's partitions are pinned to. A port: every method may be called by any
 * thread and returns at once.
 */
public interface LoopExecutor {

    /** How many partitions the service has. */
    int partitions();

    /** How many loops share them; loops are numbered from 0. */
    int loops();

    /** The loop of a partition; never another one. */
    int loopOf(int partition);

    /**
     * Runs a task on a loop after what is already there; in order for each caller. When the loop
     * has ended the task is dropped in silence.
     */
    void execute(int loop, Runnable task);
}
