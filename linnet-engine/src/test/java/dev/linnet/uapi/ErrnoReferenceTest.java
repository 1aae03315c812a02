package dev.linnet.uapi;

import dev.linnet.ReferencePage;
import org.junit.jupiter.api.Test;

/// `docs/reference/errno.md` says what the table says.
class ErrnoReferenceTest {
    private static final String INTRO =
            """
            The error numbers of Linux on x86-64. Inside the stack a call returns its result or `-errno`.
            EWOULDBLOCK, EDEADLOCK and ENOTSUP are other names of EAGAIN, EDEADLK and EOPNOTSUPP. The numbers
            from 512 on stay inside the kernel.
            """;

    @Test
    void thePageSaysWhatTheTableSays() {
        ReferencePage page = new ReferencePage("errno.md", "Errors", INTRO);
        page.table("Errors", "Number", "Name", "Text");
        for (int errno = 1; errno <= Errno.ENOTSUPP; errno++) {
            String name = Errno.name(errno);
            if (Errno.parse(name) == errno) {
                page.row(Integer.toString(errno), name, Errno.message(errno));
            }
        }
        page.check();
    }
}
