package dev.linnet.packetdrill.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The descriptors of a run: the script's number for each, and the kernel's.
public final class Descriptors {
    /// One descriptor. `socket` is null for files, pipes and epoll instances. A connection that was
    /// not accepted has no numbers yet (-1).
    public static final class Descriptor {
        private int script;
        private int live;
        private boolean closed;
        private final @Nullable ScriptSocket socket;

        private Descriptor(int script, int live, @Nullable ScriptSocket socket) {
            this.script = script;
            this.live = live;
            this.socket = socket;
        }

        public int script() {
            return script;
        }

        public int live() {
            return live;
        }

        public @Nullable ScriptSocket socket() {
            return socket;
        }

        /// Gives numbers to a connection that has been accepted.
        public void accepted(int scriptFd, int liveFd) {
            script = scriptFd;
            live = liveFd;
        }

        public void closed() {
            closed = true;
        }

        public boolean isOpen() {
            return !closed && live >= 0;
        }
    }

    /// The newest first: where two answer to one number, the newer is meant.
    private final List<Descriptor> all = new ArrayList<>();

    private @Nullable Descriptor underTest;

    /// Remembers a descriptor that the kernel made.
    ///
    /// @throws EventFailure if the script or the kernel has it already
    public Descriptor add(int script, int live, @Nullable ScriptSocket socket) {
        for (Descriptor d : all) {
            if (d.isOpen() && d.script == script) {
                throw new EventFailure("duplicate fd " + script + " in script");
            }
            if (d.isOpen() && d.live == live) {
                throw new EventFailure("duplicate live fd " + live);
            }
        }
        Descriptor descriptor = new Descriptor(script, live, socket);
        all.addFirst(descriptor);
        if (socket != null) {
            underTest = descriptor;
        }
        return descriptor;
    }

    /// Remembers a connection that the kernel made for a SYN; it becomes the socket under test.
    public Descriptor addConnection(ScriptSocket socket) {
        Descriptor descriptor = new Descriptor(-1, -1, socket);
        all.addFirst(descriptor);
        underTest = descriptor;
        return descriptor;
    }

    /// The open descriptor with this number in the script.
    ///
    /// @throws EventFailure if there is none
    public Descriptor byScript(int script) {
        for (Descriptor d : all) {
            if (d.isOpen() && d.script == script) {
                return d;
            }
        }
        throw new EventFailure("unable to find fd with script fd " + script);
    }

    /// All descriptors, the newest first.
    public List<Descriptor> all() {
        return List.copyOf(all);
    }

    /// The socket that packets without ports belong to: the last that was made, by a call or by a
    /// SYN.
    public @Nullable Descriptor underTest() {
        return underTest;
    }
}
