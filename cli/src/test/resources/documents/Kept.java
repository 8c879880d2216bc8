import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.node.Tuli;
import java.nio.file.Path;

class Kept {
    record Order(String what) {}

    public static void main(String[] args) {
        if (args.length > 0) { // else it would leave a directory here
            keep();
        }
    }

    static void keep() {
        // (the block)
    }
}
