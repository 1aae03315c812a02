package dev.linnet.host;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A test that makes network namespaces; skipped, with the reason, where this process may not.
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresNamespaces.Condition.class)
@interface RequiresNamespaces {
    /// Asks the host.
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            HostCapability namespaces = HostCapabilities.namespaces();
            return namespaces.available()
                    ? ConditionEvaluationResult.enabled("network namespaces can be made")
                    : ConditionEvaluationResult.disabled("no namespace: " + namespaces.reason());
        }
    }
}
