package dev.linnet.oracle.text;

/// What a call is expected to return: `= -EINVAL`, `= 5`, `>= 1`.
public record Expect(Op op, Expr value) {
    /// How the result compares to the value.
    public enum Op {
        /// At least 0: what is expected where nothing is written.
        SUCCESS(""),
        EQUAL("="),
        AT_LEAST(">="),
        AT_MOST("<=");

        private final String sign;

        Op(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }

    /// What a call without a result in the text must return.
    public static final Expect SUCCESS = new Expect(Op.SUCCESS, Expr.Literal.of(0));
}
