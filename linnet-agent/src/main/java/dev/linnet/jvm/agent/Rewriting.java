package dev.linnet.jvm.agent;

/// One change to a method of the JDK.
///
/// @param owner the class, such as `java/net/SocketImpl`
/// @param method its name
/// @param descriptor its type; null stands for every method of the class that has `edit`'s call in it
/// @param edit what is done to it
record Rewriting(String owner, String method, String descriptor, Edit edit) {
    /// What is done.
    sealed interface Edit {
        /// First calls a method of the bridge with the arguments (and `this`); a result that is not null, or that is
        /// not `Bridge.UNSUPPORTED`, is the method's own.
        record First(String hook, String hookDescriptor) implements Edit {}

        /// First calls a method of the bridge with the name of the path, which may throw.
        record Guard(String hook, String path) implements Edit {}

        /// First calls [dev.linnet.jvm.boot.Bridge#refuseLibrary] with the two arguments.
        record GuardLibrary() implements Edit {}

        /// Where a native method, or one of an interface, is called: for threads on Linnet the bridge's instead.
        record Instead(String calledOwner, String called, String hookDescriptor) implements Edit {}

        /// Passes the result of a call or the value of a field through a method of the bridge.
        record Filter(String from, String hook, String hookDescriptor) implements Edit {}
    }
}
