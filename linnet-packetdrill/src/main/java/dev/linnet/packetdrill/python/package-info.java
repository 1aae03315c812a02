/// The Python that scripts use in `%{ … }%`: assertions over `tcp_info`.
///
/// Not a Python: integers without bound, floats, strings, tuples and lists, the operators,
/// `assert`, `print`, assignments, `if`, and a few functions. [PythonCode] runs a piece of it in a
/// [PythonScope]; whatever is beyond it is a [PythonError] that says so.
@NullMarked
package dev.linnet.packetdrill.python;

import org.jspecify.annotations.NullMarked;
