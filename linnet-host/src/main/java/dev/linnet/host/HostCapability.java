package dev.linnet.host;

/// Whether this process may do something on this host.
///
/// @param available true when it may
/// @param reason why not, as a sentence for a person; empty when it may
public record HostCapability(boolean available, String reason) {
    static final HostCapability AVAILABLE = new HostCapability(true, "");

    static HostCapability missing(String reason) {
        return new HostCapability(false, reason);
    }
}
