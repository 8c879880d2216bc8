package io.tuli.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What this JVM has put on its heap. */
public final class Allocation {

    private Allocation() {}

    /** Bytes allocated by all threads, ended ones included, since the JVM began. */
    public static long ofAllThreads() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }

    /** Bytes on the heap after full collections; twice, as references are cleared by the first. */
    static long liveBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
