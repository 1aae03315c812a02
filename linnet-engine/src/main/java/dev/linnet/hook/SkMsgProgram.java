package dev.linnet.hook;

/// Decides where what a socket of a sockmap sends goes (`BPF_PROG_TYPE_SK_MSG`). Runs on the sender's
/// thread.
@FunctionalInterface
public interface SkMsgProgram {
    /// Through TCP, as without the map (`SK_PASS`).
    int PASS = -1;

    /// Nowhere: the sender gets `-EACCES` (`SK_DROP`).
    int DROP = -2;

    /// @param msg the message, valid only during the call
    /// @return [#PASS], [#DROP], or a key of the map: the message goes straight into what the socket of
    ///     that key reads; a key without a socket drops it (`bpf_msg_redirect_map` with
    ///     `BPF_F_INGRESS`)
    int select(SkMsg msg);
}
