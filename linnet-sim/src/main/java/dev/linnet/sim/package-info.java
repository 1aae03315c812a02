/// Virtual networks in virtual time: hosts, links with impairments, and the JUnit extension.
@NullMarked
package dev.linnet.sim;

import org.jspecify.annotations.NullMarked;
