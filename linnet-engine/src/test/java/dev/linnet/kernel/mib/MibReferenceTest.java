package dev.linnet.kernel.mib;

import dev.linnet.ReferencePage;
import org.junit.jupiter.api.Test;

/// `docs/reference/mib.md` says what the enums say.
class MibReferenceTest {
    private static final String INTRO =
            """
            What a network namespace counts. The names are those of `nstat`; the files are
            `/proc/net/snmp`, `netstat` and `snmp6`, whose text `ProcNet` makes. In code a counter is
            `Enum.CONSTANT`, the constant being the stem of Linux's (`TcpExt.TCPTIMEOUTS` is
            `LINUX_MIB_TCPTIMEOUTS`).

            Counters of ICMP messages by type (`IcmpMsgInType3`, `Icmp6InEchos`) come in addition.
            """;

    @Test
    void thePageSaysWhatTheEnumsSay() {
        ReferencePage page = new ReferencePage("mib.md", "Counters", INTRO);
        for (MibGroup group : MibGroup.values()) {
            page.table(group.prefix() + " (" + group.file() + ")", "Name", "Constant", "Counts");
            for (Mib counter : MibLayout.all()) {
                if (counter.group() == group) {
                    String constant = counter.getClass().getSimpleName() + "." + counter;
                    page.row(counter.nstatName(), constant, counter.meaning());
                }
            }
        }
        page.check();
    }
}
