/// The two kernels that rows run on: [LinnetTarget] and [HostTarget], behind [Target].
@NullMarked
package dev.linnet.oracle.target;

import org.jspecify.annotations.NullMarked;
