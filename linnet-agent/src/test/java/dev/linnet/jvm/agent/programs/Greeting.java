package dev.linnet.jvm.agent.programs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Says what it was told, and ends with the status that it was told.
public final class Greeting {
    private Greeting() {}

    public static void main(String[] args) throws IOException {
        System.out.println("Hello " + String.join(" ", args));
        System.out.print(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
        if (args.length > 0 && args[0].equals("exit")) {
            System.exit(Integer.parseInt(args[1]));
        }
    }
}
