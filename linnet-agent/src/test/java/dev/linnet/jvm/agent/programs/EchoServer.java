package dev.linnet.jvm.agent.programs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Gives one client back what it sends.
public final class EchoServer {
    private EchoServer() {}

    public static void main(String[] args) throws IOException {
        try (ServerSocket server = new ServerSocket(7000, 1, InetAddress.ofLiteral(args[0]));
                Socket client = server.accept()) {
            client.getInputStream().transferTo(client.getOutputStream());
        }
    }
}
