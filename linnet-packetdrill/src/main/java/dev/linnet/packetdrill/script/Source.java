package dev.linnet.packetdrill.script;

/// Where a piece of a script stands, and how it is written there.
///
/// @param line   from 1
/// @param column from 1
/// @param text   the piece itself, as written
public record Source(int line, int column, String text) {
    @Override
    public String toString() {
        return line + ":" + column;
    }
}
