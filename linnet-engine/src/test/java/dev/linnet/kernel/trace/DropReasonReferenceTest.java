package dev.linnet.kernel.trace;

import dev.linnet.ReferencePage;
import org.junit.jupiter.api.Test;

/// `docs/reference/drop-reasons.md` says what the enum says.
class DropReasonReferenceTest {
    private static final String INTRO =
            """
            Why a packet died. Every packet that is dropped names one of these; names and order are those of
            the tracepoint `skb:kfree_skb` of Linux 6.18, without the reasons of what this stack does not
            have.
            """;

    @Test
    void thePageSaysWhatTheEnumSays() {
        ReferencePage page = new ReferencePage("drop-reasons.md", "Drop reasons", INTRO);
        page.table("Reasons", "Name", "Meaning");
        for (DropReason reason : DropReason.values()) {
            page.row(reason.name(), reason.meaning());
        }
        page.check();
    }
}
