package dev.linnet.jvm.net;

import dev.linnet.jvm.JvmHost;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/// Sockets that the JDK takes for its own kind, so that they stand behind `Socket` and `ServerSocket` where no factory
/// is set: they implement `sun.net.PlatformSocketImpl`.
///
/// For an agent, which exports that package to this module first. The class is made at run time because a program that
/// is compiled for a release of Java cannot name it.
public final class PlatformSockets {
    private static final ClassDesc SUPER = LinnetSocketImpl.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc ARGUMENTS =
            MethodTypeDesc.of(
                    ConstantDescs.CD_void,
                    JvmHost.class.describeConstable().orElseThrow(),
                    ConstantDescs.CD_boolean);

    private static final MethodHandle CONSTRUCTOR = constructor();

    private PlatformSockets() {}

    /// A new socket of the current host; null where there is none, and the machine's network is meant.
    ///
    /// @param server whether it is to listen
    public static @Nullable LinnetSocketImpl open(boolean server) {
        JvmHost host = JvmHost.current();
        if (host == null) {
            return null;
        }
        try {
            return (LinnetSocketImpl) CONSTRUCTOR.invokeExact(host, server);
        } catch (Throwable e) {
            throw new AssertionError(e); // the constructor throws nothing
        }
    }

    private static MethodHandle constructor() {
        byte[] code = ClassFile.of().build(ClassDesc.of(name()), PlatformSockets::write);
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            Class<?> made = lookup.defineClass(code);
            MethodType type = MethodType.methodType(void.class, JvmHost.class, boolean.class);
            return lookup.findConstructor(made, type)
                    .asType(type.changeReturnType(LinnetSocketImpl.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static String name() {
        return PlatformSockets.class.getPackageName() + ".PlatformLinnetSocketImpl";
    }

    private static void write(java.lang.classfile.ClassBuilder made) {
        made.withSuperclass(SUPER)
                .withInterfaceSymbols(ClassDesc.of("sun.net.PlatformSocketImpl"))
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC)
                .withMethodBody(
                        ConstantDescs.INIT_NAME,
                        ARGUMENTS,
                        0,
                        code ->
                                code.aload(0)
                                        .aload(1)
                                        .iload(2)
                                        .invokespecial(SUPER, ConstantDescs.INIT_NAME, ARGUMENTS)
                                        .return_());
    }
}
