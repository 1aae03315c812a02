package dev.linnet.jvm.nio;

import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// What an adaptor gives to its superclass, which wants a `DatagramSocketImpl`: nothing of it is ever called.
final class NoDatagramSocketImpl extends DatagramSocketImpl {
    private static AssertionError never() {
        return new AssertionError("an adaptor has no DatagramSocketImpl");
    }

    @Override
    protected void create() {
        // called by the superclass's constructor
    }

    @Override
    protected void bind(int port, InetAddress address) {
        throw never();
    }

    @Override
    protected void send(DatagramPacket p) {
        throw never();
    }

    @Override
    protected int peek(InetAddress i) {
        throw never();
    }

    @Override
    protected int peekData(DatagramPacket p) {
        throw never();
    }

    @Override
    protected void receive(DatagramPacket p) {
        throw never();
    }

    @Override
    @SuppressWarnings({"deprecation", "removal"}) // the superclass wants it
    protected void setTTL(byte ttl) {
        throw never();
    }

    @Override
    @SuppressWarnings({"deprecation", "removal"}) // the superclass wants it
    protected byte getTTL() {
        throw never();
    }

    @Override
    protected void setTimeToLive(int ttl) {
        throw never();
    }

    @Override
    protected int getTimeToLive() {
        throw never();
    }

    @Override
    protected void join(InetAddress group) {
        throw never();
    }

    @Override
    protected void leave(InetAddress group) {
        throw never();
    }

    @Override
    protected void joinGroup(SocketAddress group, @Nullable NetworkInterface dev) {
        throw never();
    }

    @Override
    protected void leaveGroup(SocketAddress group, @Nullable NetworkInterface dev) {
        throw never();
    }

    @Override
    protected void close() {
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
