package dev.linnet.jvm.agent;

import dev.linnet.jvm.SocketAddresses;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.ipv4.InDevice;
import dev.linnet.net.ipv6.Inet6Dev;
import dev.linnet.net.ipv6.Inet6IfAddr;
import dev.linnet.stack.Host;
import dev.linnet.wire.Bytes;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The interfaces of a host as the JDK shows them on Linux: only those that have an address, the last one first, IPv6
/// addresses before IPv4 ones, each with the name of its interface as scope.
final class Interfaces {
    private final Constructor<NetworkInterface> newInterface;
    private final Constructor<InterfaceAddress> newBinding;
    private final Constructor<Inet6Address> newAddress;
    private final Field displayName;
    private final Field bindings;
    private final Field children;
    private final Field bindingAddress;
    private final Field broadcast;
    private final Field maskLength;
    private final Field holder6;
    private final Field scopeName;

    /// Made at first use.
    private static final class Holder {
        static final Interfaces ONE = make();

        private static Interfaces make() {
            try {
                return new Interfaces();
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    static Interfaces get() {
        return Holder.ONE;
    }

    private Interfaces() throws ReflectiveOperationException {
        newInterface =
                open(
                        NetworkInterface.class.getDeclaredConstructor(
                                String.class, int.class, InetAddress[].class));
        newBinding = open(InterfaceAddress.class.getDeclaredConstructor());
        newAddress =
                open(
                        Inet6Address.class.getDeclaredConstructor(
                                String.class, byte[].class, int.class));
        displayName = open(NetworkInterface.class.getDeclaredField("displayName"));
        bindings = open(NetworkInterface.class.getDeclaredField("bindings"));
        children = open(NetworkInterface.class.getDeclaredField("childs"));
        bindingAddress = open(InterfaceAddress.class.getDeclaredField("address"));
        broadcast = open(InterfaceAddress.class.getDeclaredField("broadcast"));
        maskLength = open(InterfaceAddress.class.getDeclaredField("maskLength"));
        holder6 = open(Inet6Address.class.getDeclaredField("holder6"));
        scopeName = open(holder6.getType().getDeclaredField("scope_ifname"));
    }

    private static <T extends AccessibleObject> T open(T member) {
        member.setAccessible(true);
        return member;
    }

    NetworkInterface[] of(Host host) {
        List<NetworkInterface> list = new ArrayList<>();
        List<NetworkInterface> onlyV6 = new ArrayList<>();
        try {
            for (NetDevice dev : host.net().devices.all()) {
                NetworkInterface one = make(dev);
                InDevice v4 = InDevice.of(dev);
                if (v4 != null && !v4.addresses().isEmpty()) {
                    list.addFirst(one);
                } else if (one.getInetAddresses().hasMoreElements()) {
                    onlyV6.addFirst(one);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e); // what is called here throws nothing
        }
        list.addAll(0, onlyV6); // the JDK asks for IPv4 first, and puts each in front
        return list.toArray(new NetworkInterface[0]);
    }

    private NetworkInterface make(NetDevice dev) throws ReflectiveOperationException {
        List<InetAddress> addresses = new ArrayList<>();
        List<InterfaceAddress> bound = new ArrayList<>();
        List<Inet6Address> scoped = new ArrayList<>();
        Inet6Dev v6 = Inet6Dev.of(dev);
        if (v6 != null && !SocketAddresses.onlyV4()) {
            for (Inet6IfAddr each : v6.addresses()) {
                Inet6Address address = address6(each, dev.ifindex);
                scoped.add(address);
                addresses.addFirst(address);
                bound.addFirst(binding(address, null, each.prefixLen));
            }
        }
        InDevice v4 = InDevice.of(dev);
        if (v4 != null) {
            addV4(v4, dev, addresses, bound);
        }
        NetworkInterface made =
                newInterface.newInstance(
                        dev.name, dev.ifindex, addresses.toArray(new InetAddress[0]));
        displayName.set(made, dev.name);
        bindings.set(made, bound.toArray(new InterfaceAddress[0]));
        children.set(made, new NetworkInterface[0]);
        for (Inet6Address address : scoped) {
            scopeName.set(holder6.get(address), made);
        }
        return made;
    }

    private void addV4(
            InDevice in, NetDevice dev, List<InetAddress> addresses, List<InterfaceAddress> bound)
            throws ReflectiveOperationException {
        int at = addresses.size();
        boolean hasBroadcast = (dev.flags & NetDevice.IFF_BROADCAST) != 0;
        for (InDevice.IfAddr each : in.addresses()) {
            Inet4Address address = SocketAddresses.ofV4(each.local());
            Inet4Address all = hasBroadcast ? SocketAddresses.ofV4(each.broadcast()) : null;
            addresses.add(at, address);
            bound.add(at, binding(address, all, each.prefixLen()));
        }
    }

    private Inet6Address address6(Inet6IfAddr each, int index) throws ReflectiveOperationException {
        byte[] raw = new byte[16];
        Bytes.u64(raw, 0, each.hi);
        Bytes.u64(raw, 8, each.lo);
        return newAddress.newInstance(null, raw, index);
    }

    private InterfaceAddress binding(InetAddress address, @Nullable Inet4Address all, int prefix)
            throws ReflectiveOperationException {
        InterfaceAddress made = newBinding.newInstance();
        bindingAddress.set(made, address);
        broadcast.set(made, all);
        maskLength.setShort(made, (short) prefix);
        return made;
    }
}
