/*
 * The packetdrill script language.
 *
 * A script is options, an optional command that prepares the system, timed events, and an optional command that
 * cleans up. Everything in braces is one kind of expression here ('struct'): which fields a structure has is
 * known to the system call that takes it, not to the grammar.
 */
grammar Packetdrill;

script : option* init=command? event* cleanup=command? EOF ;

option : OPTION ;

command : BACK_QUOTED ;

event : eventTime action ;

eventTime
    : '*'                                   # anyTime
    | '+' start=time '~' '+' end=time       # relativeRange
    | start=time '~' end=time               # absoluteRange
    | '+' time                              # relativeTime
    | time                                  # absoluteTime
    ;

time : FLOAT | INTEGER ;

action : packet | syscall | command | code ;

code : CODE ;

// ---------------------------------------------------------------- packets

packet : direction=('<' | '>') encapsulation* ipInfo? transport ;

encapsulation
    : 'ipv4' ipInfo? src=IPV4_ADDR '>' dst=IPV4_ADDR ':'    # ipv4Header
    | 'ipv6' ipInfo? src=IPV6_ADDR '>' dst=IPV6_ADDR ':'    # ipv6Header
    | ('gre' | 'GREv0') ','? greFields? ':'                 # greHeader
    | 'mpls' mplsEntry* ':'                                 # mplsHeader
    ;

greFields
    : 'flags' greFlags ','? 'sum' sum=number ','? 'off' off=number ','? 'key' '='? key=number ','? 'seq' seqNo=number
    ;

greFlags : number | '[' greFlag (',' greFlag)* ']' ;

greFlag : 'none' | 'checksum' 'present' | 'key' 'present' | 'sequence#' 'present' ;

mplsEntry : '(' 'label' label=INTEGER ',' 'tc' tc=INTEGER ',' ('[' bottom=word ']' ',')? 'ttl' ttl=INTEGER ')' ;

ipInfo : '[' ipField (',' ipField)* ']' | '(' ipField (',' ipField)* ')' ;

ipField
    : ecn=('noecn' | 'ect0' | 'ect1' | 'ect01' | 'ce')
    | 'tos' tos=HEX_INTEGER
    | 'flowlabel' label=HEX_INTEGER
    | 'ttl' ttl=INTEGER
    ;

transport
    : ports? flags sequence ('ack' ack=INTEGER)? ('win' win=INTEGER)? ('urg' urg=INTEGER)? tcpOptions?    # tcp
    | 'udp' ports? '(' length=INTEGER ')'                                                                 # udp
    | 'icmp' type=word code_=word? ('mtu' mtu=INTEGER)? ('id' id=INTEGER)? ('[' icmpEchoed ']')?          # icmp
    ;

ports : src=INTEGER '>' dst=INTEGER ;

// The digit after the dot is AccECN's ACE counter: '.5' is an ACK whose AE, CWR and ECE bits read 5.
flags : word? '.' | word? FLOAT | word | '-' ;

sequence : start=INTEGER ':' end=INTEGER '(' length=INTEGER ')' ;

icmpEchoed : 'udp' '(' length=INTEGER ')' | 'raw' '(' length=INTEGER ')' | sequence ;

tcpOptions : '<' ELLIPSIS '>' | '<' tcpOption (',' tcpOption)* '>' ;

tcpOption
    : 'nop'                                     # nop
    | 'eol'                                     # eol
    | 'mss' INTEGER                             # mss
    | 'wscale' INTEGER                          # windowScale
    | 'sackOK'                                  # sackPermitted
    | 'sack' sackBlock+                         # sack
    | 'TS' 'val' val=INTEGER 'ecr' ecr=INTEGER  # timestamps
    | 'md5' hexBlob                             # md5
    | 'FO' hexBlob?                             # fastOpen
    | 'FOEXP' hexBlob?                          # fastOpenExperimental
    | 'ECN' ecnCounter*                         # accEcn
    ;

sackBlock : left=INTEGER ':' right=INTEGER ;

hexBlob : word | INTEGER ;

ecnCounter : which=('e0b' | 'ceb' | 'e1b') INTEGER ;

// ---------------------------------------------------------------- system calls

syscall : (ELLIPSIS end=time)? name=word '(' expressions? close=')' '=' result=expression errno=word? note? ;

note : '(' ~')'* ')' ;

expressions : expression (',' expression)* ;

expression
    : expression '|' expression             # or
    | ELLIPSIS                              # ellipsis
    | number                                # numberLiteral
    | STRING+ ELLIPSIS?                     # string
    | word '(' expressions ')'              # call
    | word                                  # symbol
    | '[' expressions? ']'                  # list
    | '{' field (',' field)* '}'            # struct
    | '{' mplsEntry+ '}'                    # mplsStack
    | '{' greFields '}'                     # greStruct
    ;

field : (name=word ('(' size=expression ')')? '=')? value=expression ;

number : INTEGER | HEX_INTEGER ;

// A keyword of one place is an ordinary word in all others.
word
    : WORD
    | 'ipv4' | 'ipv6' | 'gre' | 'GREv0' | 'flags' | 'sum' | 'off' | 'key' | 'seq' | 'none' | 'checksum' | 'present'
    | 'mpls' | 'label' | 'tc' | 'ttl' | 'noecn' | 'ect0' | 'ect1' | 'ect01' | 'ce' | 'tos' | 'flowlabel'
    | 'ack' | 'win' | 'urg' | 'udp' | 'icmp' | 'mtu' | 'id' | 'raw' | 'nop' | 'eol' | 'mss' | 'wscale' | 'sackOK'
    | 'sack' | 'TS' | 'val' | 'ecr' | 'md5' | 'FO' | 'FOEXP' | 'ECN' | 'e0b' | 'ceb' | 'e1b'
    ;

// ---------------------------------------------------------------- tokens

OPTION : '--' [a-zA-Z0-9_]+ ('=' (~[ \t\r\n"`] | QUOTED | BACK_QUOTED)+)? ;

ELLIPSIS    : '...' ;
FLOAT       : '-'? [0-9]* '.' [0-9]+ ;
INTEGER     : '-'? [0-9]+ ;
HEX_INTEGER : '0x' [0-9a-fA-F]+ ;
WORD        : [a-zA-Z0-9_]+ ;

IPV4_ADDR : [0-9]+ '.' [0-9]+ '.' [0-9]+ '.' [0-9]+ ;

// With a '::' or with all eight groups: a range of sequence numbers such as 1:1001 must not look like an address.
IPV6_ADDR
    : (H16 ':')+ (':' H16)+
    | (H16 ':')+ ':' (IPV4_ADDR)?
    | '::' (H16 ':')* (H16 | IPV4_ADDR)?
    | H16 ':' H16 ':' H16 ':' H16 ':' H16 ':' H16 ':' H16 ':' H16
    ;

STRING      : QUOTED ;
BACK_QUOTED : '`' ('\\' . | ~[`\\])* '`' ;
CODE        : '%{' .*? '}%' ;

LINE_COMMENT  : '//' ~[\n]* -> skip ;
BLOCK_COMMENT : '/*' .*? '*/' -> skip ;
SPACE         : [ \t\r\n]+ -> skip ;

fragment QUOTED : '"' ('\\' . | ~["\\])* '"' ;
fragment H16    : [0-9a-fA-F] [0-9a-fA-F]? [0-9a-fA-F]? [0-9a-fA-F]? ;
