package dev.linnet.oracle.target;

import dev.linnet.oracle.text.FactException;
import dev.linnet.oracle.text.Resources;
import java.util.Map;

/// The numbers of the calls.
public final class Syscall {
    private static final Map<String, Long> NUMBERS = Resources.numbers("calls.txt");

    private Syscall() {}

    /// The x86-64 number of a call.
    public static int number(String name) {
        Long number = NUMBERS.get(name);
        if (number == null) {
            throw new FactException("no system call " + name);
        }
        return number.intValue();
    }
}
