package dev.linnet.packetdrill.packet;

import dev.linnet.wire.Icmp;
import dev.linnet.wire.Icmpv6;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names of ICMP's types and codes in scripts. A number without a name is `type_3` or `code_4`.
final class IcmpNames {
    private static final Map<String, Integer> V4_TYPES =
            Map.ofEntries(
                    Map.entry("echo_reply", Icmp.ECHO_REPLY),
                    Map.entry("unreachable", Icmp.DEST_UNREACH),
                    Map.entry("source_quench", Icmp.SOURCE_QUENCH),
                    Map.entry("redirect", Icmp.REDIRECT),
                    Map.entry("echo_request", Icmp.ECHO),
                    Map.entry("time_exceeded", Icmp.TIME_EXCEEDED),
                    Map.entry("parameter_problem", Icmp.PARAMETER_PROB),
                    Map.entry("timestamp_request", Icmp.TIMESTAMP),
                    Map.entry("timestamp_reply", Icmp.TIMESTAMP_REPLY),
                    Map.entry("information_request", 15),
                    Map.entry("information_reply", 16),
                    Map.entry("address_mask_request", 17),
                    Map.entry("address_mask_reply", 18));

    private static final Map<String, Integer> V4_UNREACHABLE =
            Map.ofEntries(
                    Map.entry("net_unreachable", Icmp.NET_UNREACH),
                    Map.entry("host_unreachable", Icmp.HOST_UNREACH),
                    Map.entry("protocol_unreachable", Icmp.PROT_UNREACH),
                    Map.entry("port_unreachable", Icmp.PORT_UNREACH),
                    Map.entry("frag_needed", Icmp.FRAG_NEEDED),
                    Map.entry("source_route_failed", Icmp.SR_FAILED),
                    Map.entry("net_unknown", Icmp.NET_UNKNOWN),
                    Map.entry("host_unknown", Icmp.HOST_UNKNOWN),
                    Map.entry("source_host_isolated", Icmp.HOST_ISOLATED),
                    Map.entry("net_prohibited", Icmp.NET_ANO),
                    Map.entry("host_prohibited", Icmp.HOST_ANO),
                    Map.entry("net_unreachable_for_tos", Icmp.NET_UNR_TOS),
                    Map.entry("host_unreachable_for_tos", Icmp.HOST_UNR_TOS),
                    Map.entry("packet_filtered", Icmp.PKT_FILTERED),
                    Map.entry("precedence_violation", Icmp.PREC_VIOLATION),
                    Map.entry("precedence_cutoff", Icmp.PREC_CUTOFF));

    private static final Map<String, Integer> V6_TYPES =
            Map.of(
                    "unreachable", Icmpv6.DEST_UNREACH,
                    "packet_too_big", Icmpv6.PKT_TOOBIG,
                    "time_exceeded", Icmpv6.TIME_EXCEED,
                    "parameter_problem", Icmpv6.PARAM_PROB,
                    "echo_request", Icmpv6.ECHO_REQUEST,
                    "echo_reply", Icmpv6.ECHO_REPLY);

    private static final Map<String, Integer> V6_UNREACHABLE =
            Map.of(
                    "net_unreachable", 0,
                    "no_route", Icmpv6.NO_ROUTE,
                    "admin_prohibited", Icmpv6.ADM_PROHIBITED,
                    "not_neighbour", Icmpv6.NOT_NEIGHBOUR,
                    "address_unreachable", Icmpv6.ADDR_UNREACH,
                    "port_unreachable", Icmpv6.PORT_UNREACH);

    private static final Map<String, Integer> V6_TIME_EXCEEDED =
            Map.of(
                    "exceeded_hop_limit", Icmpv6.EXC_HOPLIMIT,
                    "exceeded_frag_time", Icmpv6.EXC_FRAGTIME);

    private static final Map<String, Integer> V6_PARAMETER_PROBLEM =
            Map.of(
                    "header_field", Icmpv6.HDR_FIELD,
                    "unknown_next_header", Icmpv6.UNK_NEXTHDR,
                    "unknown_option", Icmpv6.UNK_OPTION);

    private IcmpNames() {}

    /// @throws IllegalArgumentException for a type that this version of IP does not have
    static int type(String name, boolean v6) {
        return number(name, "type", v6 ? V6_TYPES : V4_TYPES);
    }

    /// @throws IllegalArgumentException for a code that the type does not have
    static int code(@Nullable String name, String type, boolean v6) {
        return name == null ? 0 : number(name, "code", codes(type, v6));
    }

    private static Map<String, Integer> codes(String type, boolean v6) {
        return switch (type) {
            case "unreachable" -> v6 ? V6_UNREACHABLE : V4_UNREACHABLE;
            case "time_exceeded" -> v6 ? V6_TIME_EXCEEDED : Map.of();
            case "parameter_problem" -> v6 ? V6_PARAMETER_PROBLEM : Map.of();
            default -> Map.of();
        };
    }

    private static int number(String name, String what, Map<String, Integer> names) {
        Integer known = names.get(name);
        if (known != null) {
            return known;
        }
        String prefix = what + "_";
        if (name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9]{1,3}")) {
            int value = Integer.parseInt(name.substring(prefix.length()));
            if (value <= 255) {
                return value;
            }
        }
        throw new IllegalArgumentException("bad ICMP " + what + " " + name);
    }

    /// The type and code for messages: names where there are any.
    static String text(int type, int code, boolean v6) {
        String typeName = nameOf(type, v6 ? V6_TYPES : V4_TYPES, "type_");
        Map<String, Integer> codes = codes(typeName, v6);
        return codes.isEmpty() && code == 0
                ? typeName
                : typeName + " " + nameOf(code, codes, "code_");
    }

    private static String nameOf(int number, Map<String, Integer> names, String prefix) {
        return names.entrySet().stream()
                .filter(e -> e.getValue() == number)
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .orElse(prefix + number);
    }
}
