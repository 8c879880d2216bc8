package io.tuli.outage;

import io.netty.buffer.ByteBuf;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Keeper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** What one loop of a simulated member gives its node's disk. One thread. */
public final class LoopKeeper implements Keeper {

    private final SimDisk disk;
    private final LongConsumer told;
    private List<ByteBuf> records = new ArrayList<>();
    private boolean isAnySynced;

    /**
     * @param told gets the numbers of batches that are kept
     */
    public LoopKeeper(SimDisk disk, LongConsumer told) {
        this.disk = disk;
        this.told = told;
    }

    @Override
    public void keep(Frame.OfPartition record, boolean isSynced) {
        records.add(disk.encoded(record));
        isAnySynced |= isSynced;
    }

    @Override
    public void handOver(long ticket) {
        disk.stage(records, isAnySynced, () -> told.accept(ticket));
        records = new ArrayList<>();
        isAnySynced = false;
    }
}
