package dev.linnet.jvm.agent.programs;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// Sends a word to [EchoServer], which may not be there yet, and prints what comes back.
public final class EchoClient {
    private static final int TRIES = 200;

    private EchoClient() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            try (Socket server = new Socket(args[0], 7000)) {
                server.getOutputStream().write("over the wire".getBytes(StandardCharsets.UTF_8));
                byte[] back = server.getInputStream().readNBytes(13);
                System.out.println(new String(back, StandardCharsets.UTF_8));
                return;
            } catch (SocketException e) {
                Thread.sleep(100);
            }
        }
        System.out.println("nobody there");
    }
}
