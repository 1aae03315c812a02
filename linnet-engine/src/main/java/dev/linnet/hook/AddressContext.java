package dev.linnet.hook;

import dev.linnet.uapi.SockAddr;

/// An address on its way through a hook that may put another of the same family in its place
/// (`struct bpf_sock_addr`).
public final class AddressContext {
    private SockAddr address;

    public AddressContext(SockAddr address) {
        this.address = address;
    }

    public SockAddr address() {
        return address;
    }

    /// Replaces the address.
    ///
    /// @throws IllegalArgumentException if it is of another family
    public void address(SockAddr replacement) {
        if (replacement.family() != address.family()) {
            throw new IllegalArgumentException(
                    replacement + " is not of the family of " + address + ", which it replaces");
        }
        address = replacement;
    }
}
