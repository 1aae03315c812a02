package dev.linnet.jvm.nio;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/// What an adaptor gives to its superclass, which wants a `SocketImpl`: nothing of it is ever called.
final class NoSocketImpl extends SocketImpl {
    private static AssertionError never() {
        return new AssertionError("an adaptor has no SocketImpl");
    }

    @Override
    protected void create(boolean stream) {
        throw never();
    }

    @Override
    protected void connect(String host, int port) {
        throw never();
    }

    @Override
    protected void connect(InetAddress address, int port) {
        throw never();
    }

    @Override
    protected void connect(SocketAddress address, int timeout) {
        throw never();
    }

    @Override
    protected void bind(InetAddress host, int port) {
        throw never();
    }

    @Override
    protected void listen(int backlog) {
        throw never();
    }

    @Override
    protected void accept(SocketImpl s) {
        throw never();
    }

    @Override
    protected InputStream getInputStream() {
        throw never();
    }

    @Override
    protected OutputStream getOutputStream() {
        throw never();
    }

    @Override
    protected int available() {
        throw never();
    }

    @Override
    protected void close() {
        throw never();
    }

    @Override
    protected void sendUrgentData(int data) {
        throw never();
    }

    @Override
    public void setOption(int optID, @Nullable Object value) {
        throw never();
    }

    @Override
    public Object getOption(int optID) {
        throw never();
    }
}
