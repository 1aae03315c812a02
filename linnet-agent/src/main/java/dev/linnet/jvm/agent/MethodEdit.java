package dev.linnet.jvm.agent;

import dev.linnet.jvm.agent.Rewriting.Edit;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/// Makes one [Rewriting] in the code of its method, and counts the places.
final class MethodEdit implements CodeTransform {
    private static final ClassDesc BRIDGE = ClassDesc.of("dev.linnet.jvm.boot.Bridge");
    private static final MethodTypeDesc ACTIVE = MethodTypeDesc.of(ConstantDescs.CD_boolean);
    private static final MethodTypeDesc TAKES_PATH =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
    private static final MethodTypeDesc TAKES_LIBRARY =
            MethodTypeDesc.of(
                    ConstantDescs.CD_void, ConstantDescs.CD_Class, ConstantDescs.CD_String);

    /// `Bridge.UNSUPPORTED`, which must not be read here: that would load the bridge too early.
    private static final long UNSUPPORTED = -6;

    private final Rewriting rewriting;
    private int done;

    MethodEdit(Rewriting rewriting) {
        this.rewriting = rewriting;
    }

    /// True if this is the method.
    boolean isIn(MethodModel method) {
        return method.methodName().equalsString(rewriting.method())
                && method.methodType().equalsString(rewriting.descriptor());
    }

    /// In how many places it was made.
    int done() {
        return done;
    }

    /// What was looked for, for a message.
    String describe() {
        String method =
                rewriting.owner().replace('/', '.')
                        + '.'
                        + rewriting.method()
                        + rewriting.descriptor();
        return switch (rewriting.edit()) {
            case Edit.Instead instead -> method + " calling " + instead.called();
            case Edit.Filter filter -> method + " using " + filter.from();
            default -> method;
        };
    }

    // ---- at the beginning
    // ------------------------------------------------------------------------------

    @Override
    public void atStart(CodeBuilder code) {
        switch (rewriting.edit()) {
            case Edit.First first -> first(code, first);
            case Edit.Guard guard ->
                    code.loadConstant(guard.path()).invokestatic(BRIDGE, guard.hook(), TAKES_PATH);
            case Edit.GuardLibrary library ->
                    code.aload(code.parameterSlot(0))
                            .aload(code.parameterSlot(1))
                            .invokestatic(BRIDGE, "refuseLibrary", TAKES_LIBRARY);
            case Edit.Instead instead -> {
                return; // further on
            }
            case Edit.Filter filter -> {
                return;
            }
        }
        done++;
    }

    private void first(CodeBuilder code, Edit.First first) {
        MethodTypeDesc method = MethodTypeDesc.ofDescriptor(rewriting.descriptor());
        MethodTypeDesc hook = MethodTypeDesc.ofDescriptor(first.hookDescriptor());
        if (hook.parameterCount() > method.parameterCount()) {
            code.aload(code.receiverSlot());
        }
        for (int i = 0; i < method.parameterCount(); i++) {
            code.loadLocal(TypeKind.from(method.parameterType(i)), code.parameterSlot(i));
        }
        code.invokestatic(BRIDGE, first.hook(), hook);
        Label own = code.newLabel();
        if (TypeKind.from(hook.returnType()) == TypeKind.LONG) {
            code.dup2().loadConstant(UNSUPPORTED).lcmp().ifeq(own);
            code.lreturn().labelBinding(own).pop2();
        } else {
            code.dup().ifnull(own).areturn().labelBinding(own).pop();
        }
    }

    // ---- in the middle
    // ---------------------------------------------------------------------------------

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        switch (rewriting.edit()) {
            case Edit.Instead instead when calls(element, instead) -> {
                Label machine = code.newLabel();
                Label end = code.newLabel();
                code.invokestatic(BRIDGE, "active", ACTIVE).ifeq(machine);
                code.invokestatic(
                        BRIDGE,
                        instead.called(),
                        MethodTypeDesc.ofDescriptor(instead.hookDescriptor()));
                code.goto_(end).labelBinding(machine).with(element).labelBinding(end);
                done++;
            }
            case Edit.Filter filter when yields(element, filter) -> {
                code.with(element);
                code.invokestatic(
                        BRIDGE,
                        filter.hook(),
                        MethodTypeDesc.ofDescriptor(filter.hookDescriptor()));
                done++;
            }
            default -> code.with(element);
        }
    }

    /// The call has the bridge's type, with the receiver in front if there is one.
    private static boolean calls(CodeElement element, Edit.Instead instead) {
        if (!(element instanceof InvokeInstruction call)
                || !call.name().equalsString(instead.called())
                || !call.owner().asInternalName().equals(instead.calledOwner())) {
            return false;
        }
        MethodTypeDesc type = call.typeSymbol();
        if (call.opcode() != Opcode.INVOKESTATIC) {
            type = type.insertParameterTypes(0, ConstantDescs.CD_Object);
        }
        return type.descriptorString().equals(instead.hookDescriptor());
    }

    private static boolean yields(CodeElement element, Edit.Filter filter) {
        return switch (element) {
            case InvokeInstruction call -> call.name().equalsString(filter.from());
            case FieldInstruction field ->
                    field.opcode() == Opcode.GETSTATIC && field.name().equalsString(filter.from());
            default -> false;
        };
    }
}
