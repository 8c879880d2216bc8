import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.examples.Counters;
import io.tuli.junit.TestMesh;
import io.tuli.junit.TuliTest;
import io.tuli.sim.SimCall;
import io.tuli.sim.SimCluster;
import io.tuli.sim.SimService;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TestOfYours {
    // (the block)
}
