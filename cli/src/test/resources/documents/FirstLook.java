import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.node.Tuli;

class FirstLook {
    record Session(String user) {}

    public static void main(String[] args) {
        Session session = new Session("Ada");
        // (the block)
    }
}
