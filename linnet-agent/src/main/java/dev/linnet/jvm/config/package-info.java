/// What can be said of a program's network, and the network that comes of it.
///
/// [dev.linnet.jvm.config.NetworkOption] is the one table of options: for `linnet run`, for the arguments of the agent,
/// for configuration files. [dev.linnet.jvm.config.NetworkConfig] is what was said, checked;
/// [dev.linnet.jvm.config.RunningNetwork] is the host that has it. Whatever is wrong with it is a
/// [dev.linnet.jvm.config.ConfigException] whose message is one line that says what to do.
@NullMarked
package dev.linnet.jvm.config;

import org.jspecify.annotations.NullMarked;
