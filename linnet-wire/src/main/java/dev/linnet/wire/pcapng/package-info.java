/// Capture files in the pcapng format (IETF draft-ietf-opsawg-pcapng), which Wireshark and tcpdump
/// open: [PcapngWriter][dev.linnet.wire.pcapng.PcapngWriter] for everything that Linnet captures,
/// [PcapngReader][dev.linnet.wire.pcapng.PcapngReader] for tests and tools.
///
/// What is written depends on the arguments only: no clock, no host name, no version is put into a
/// file, so equal runs give equal files.
@NullMarked
package dev.linnet.wire.pcapng;

import org.jspecify.annotations.NullMarked;
