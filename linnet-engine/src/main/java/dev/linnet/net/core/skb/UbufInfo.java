package dev.linnet.net.core.skb;

/// A zero-copy send whose user buffer is still in use (`struct ubuf_info`).
///
/// Every packet that refers to the buffer holds one reference; the last one to go completes it.
public abstract class UbufInfo {
    /// Takes another reference (`net_zcopy_get`).
    public abstract void get();

    /// Gives one back; the last completes the send (`net_zcopy_put`).
    public abstract void put();

    /// Says that the data had to be copied after all.
    public abstract void copied();
}
