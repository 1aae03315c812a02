/// The stack itself: Linux's socket layer and TCP/IP, from devices to system calls.
@NullMarked
package dev.linnet;

import org.jspecify.annotations.NullMarked;
