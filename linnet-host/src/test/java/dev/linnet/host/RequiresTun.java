package dev.linnet.host;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A test that makes network namespaces and TUN devices; skipped, with the reason, where this
/// process may not.
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresTun.Condition.class)
@interface RequiresTun {
    /// Asks the host.
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            HostCapability tun = HostCapabilities.tun();
            return tun.available()
                    ? ConditionEvaluationResult.enabled("TUN devices can be made")
                    : ConditionEvaluationResult.disabled("no TUN device: " + tun.reason());
        }
    }
}
