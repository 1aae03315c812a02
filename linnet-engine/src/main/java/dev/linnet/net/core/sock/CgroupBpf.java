package dev.linnet.net.core.sock;

import dev.linnet.hook.AddressContext;
import dev.linnet.hook.CgroupHooks;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.SockAddr;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/// Where the programs of a cgroup run (`include/linux/bpf-cgroup.h`). Each gives 0 or the first
/// refusal; a context keeps what earlier programs put in it.
public final class CgroupBpf {
    private CgroupBpf() {}

    /// True if there are any, so that the arguments need not be made for none.
    @HotPath
    public static boolean enabled(Sock sk) {
        return sk.net.hooks.cgroup().length > 0;
    }

    private static int firstRefusal(Sock sk, ToIntBiFunction<CgroupHooks, SockView> call) {
        for (CgroupHooks program : sk.net.hooks.cgroup()) {
            int err = call.applyAsInt(program, new SockView(sk));
            if (err != 0) {
                return err;
            }
        }
        return 0;
    }

    @Kernel("BPF_CGROUP_RUN_PROG_INET_SOCK")
    public static int sockCreate(Sock sk) {
        return firstRefusal(sk, CgroupHooks::sockCreate);
    }

    @Kernel("BPF_CGROUP_RUN_PROG_INET_SOCK_RELEASE")
    public static void sockRelease(Sock sk) {
        for (CgroupHooks program : sk.net.hooks.cgroup()) {
            program.sockRelease(new SockView(sk));
        }
    }

    /// @return 0, [CgroupHooks#ALLOW_ANY_PORT] or `-errno`
    @Kernel("BPF_CGROUP_RUN_PROG_INET_BIND_LOCK")
    public static int bind(Sock sk, AddressContext context) {
        int all = 0;
        for (CgroupHooks program : sk.net.hooks.cgroup()) {
            int result = program.bind(new SockView(sk), context);
            if (result < 0) {
                return result;
            }
            all |= result;
        }
        return all;
    }

    @Kernel({"BPF_CGROUP_RUN_PROG_INET4_POST_BIND", "BPF_CGROUP_RUN_PROG_INET6_POST_BIND"})
    public static int postBind(Sock sk) {
        return firstRefusal(sk, CgroupHooks::postBind);
    }

    @Kernel({"BPF_CGROUP_RUN_PROG_INET4_CONNECT_LOCK", "BPF_CGROUP_RUN_PROG_INET6_CONNECT_LOCK"})
    public static int connect(Sock sk, AddressContext context) {
        return firstRefusal(sk, (program, view) -> program.connect(view, context));
    }

    @Kernel({"BPF_CGROUP_RUN_PROG_UDP4_SENDMSG_LOCK", "BPF_CGROUP_RUN_PROG_UDP6_SENDMSG_LOCK"})
    public static int sendmsg(Sock sk, AddressContext context) {
        return firstRefusal(sk, (program, view) -> program.sendmsg(view, context));
    }

    @Kernel({"BPF_CGROUP_RUN_PROG_UDP4_RECVMSG_LOCK", "BPF_CGROUP_RUN_PROG_UDP6_RECVMSG_LOCK"})
    public static SockAddr recvmsg(Sock sk, SockAddr from) {
        AddressContext context = new AddressContext(from);
        for (CgroupHooks program : sk.net.hooks.cgroup()) {
            program.recvmsg(new SockView(sk), context);
        }
        return context.address();
    }

    /// What `getsockname` or `getpeername` is to say.
    @Kernel("BPF_CGROUP_RUN_SA_PROG")
    public static SockAddr getname(Sock sk, SockAddr name, boolean peer) {
        AddressContext context = new AddressContext(name);
        for (CgroupHooks program : sk.net.hooks.cgroup()) {
            if (peer) {
                program.getpeername(new SockView(sk), context);
            } else {
                program.getsockname(new SockView(sk), context);
            }
        }
        return context.address();
    }

    @Kernel("BPF_CGROUP_RUN_PROG_SETSOCKOPT")
    public static int setsockopt(Sock sk, int level, int name, byte[] value) {
        return firstRefusal(sk, (program, view) -> program.setsockopt(view, level, name, value));
    }

    @Kernel("BPF_CGROUP_RUN_PROG_GETSOCKOPT")
    public static int getsockopt(
            Sock sk, int level, int name, byte @Nullable [] value, int result) {
        int answer = result;
        for (CgroupHooks program : sk.net.hooks.cgroup()) {
            answer = program.getsockopt(new SockView(sk), level, name, value, answer);
        }
        return answer;
    }
}
