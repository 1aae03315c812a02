package dev.linnet.packetdrill.python;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The variables of a script's Python code, kept from one piece to the next, and where `print`
/// goes.
public final class PythonScope {
    private final Map<String, Object> variables = new HashMap<>();
    private final Consumer<String> output;

    /// An empty scope that prints to `output`, one line at a time.
    public PythonScope(Consumer<String> output) {
        this.output = output;
    }

    /// Sets a variable to an unsigned 64-bit number.
    public void set(String name, long unsigned) {
        variables.put(name, new BigInteger(Long.toUnsignedString(unsigned)));
    }

    void put(String name, Object value) {
        variables.put(name, value);
    }

    Object get(String name, int line) {
        Object value = variables.get(name);
        if (value == null) {
            throw new PythonError(line, "NameError", "name '" + name + "' is not defined");
        }
        return value;
    }

    void print(String text) {
        output.accept(text);
    }
}
