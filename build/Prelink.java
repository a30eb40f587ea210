import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes into the classes of a jar what Java would make of them at each start: {@code java
 * build/Prelink.java JAR}.
 *
 * <p>The compiler leaves a {@code switch} over types, and {@code equals}, {@code hashCode} and
 * {@code toString} of a record, to be made when they are first met ({@code invokedynamic}). Each
 * takes up to milliseconds, which may meet a takeover, and classes that no AOT cache has; those of
 * lambdas and of joined texts it has. Here each becomes a method of its class that does the same.
 */
final class Prelink {

    /** As in Shrink. */
    private static final LocalDateTime SAME_IN_EACH_BUILD = LocalDateTime.of(1980, 2, 1, 0, 0);

    private static final String SWITCHES = "Ljava/lang/runtime/SwitchBootstraps;";
    private static final String RECORDS = "Ljava/lang/runtime/ObjectMethods;";
    private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");
    private static final ClassDesc TEXT = ClassDesc.of("java.lang.StringBuilder");
    private static final int HIDDEN =
            AccessFlag.PRIVATE.mask() | AccessFlag.STATIC.mask() | AccessFlag.SYNTHETIC.mask();

    private final ClassModel type;
    private final boolean isInterface;
    private int made;

    private Prelink(ClassModel type) {
        this.type = type;
        isInterface = type.flags().has(AccessFlag.INTERFACE);
    }

    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        ClassFile classes = ClassFile.of(hierarchy(files));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(SAME_IN_EACH_BUILD);
                zip.putNextEntry(entry);
                zip.write(
                        file.getKey().endsWith(".class")
                                ? linked(classes, file.getValue())
                                : file.getValue());
            }
        }
    }

    /** Which class extends which: the jar's own, and the JDK's. */
    private static ClassFile.Option hierarchy(Map<String, byte[]> files) {
        return ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(
                                type -> {
                                    String name = type.descriptorString();
                                    String file = name.substring(1, name.length() - 1) + ".class";
                                    byte[] own = files.get(file);
                                    return own == null ? null : new ByteArrayInputStream(own);
                                })
                        .orElse(ClassHierarchyResolver.defaultResolver()));
    }

    private static byte[] linked(ClassFile classes, byte[] bytes) {
        ClassModel type = classes.parse(bytes);
        Prelink work = new Prelink(type);
        byte[] written =
                classes.transformClass(
                        type,
                        (to, element) -> {
                            if (element instanceof MethodModel method && hasOne(method)) {
                                to.transformMethod(method, work.linking(to));
                            } else {
                                to.with(element);
                            }
                        });
        return work.made == 0 ? bytes : written;
    }

    private static boolean hasOne(MethodModel method) {
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .anyMatch(
                        element ->
                                element instanceof InvokeDynamicInstruction call && isMade(call));
    }

    private static boolean isMade(InvokeDynamicInstruction call) {
        String maker = call.bootstrapMethod().owner().descriptorString();
        boolean isSwitch =
                maker.equals(SWITCHES)
                        && call.bootstrapMethod().methodName().equals("typeSwitch")
                        && call.bootstrapArgs().stream().allMatch(Prelink::isOfObjects);
        return isSwitch || maker.equals(RECORDS);
    }

    private static boolean isOfObjects(ConstantDesc label) {
        return label instanceof ClassDesc wanted && !wanted.isPrimitive();
    }

    private MethodTransform linking(ClassBuilder to) {
        return MethodTransform.transformingCode(
                (code, element) -> {
                    if (element instanceof InvokeDynamicInstruction call && isMade(call)) {
                        String name = "prelinked$" + made++ + "$" + call.name().stringValue();
                        MethodTypeDesc form = call.typeSymbol();
                        to.withMethodBody(name, form, HIDDEN, body -> write(call, body));
                        code.invokestatic(type.thisClass().asSymbol(), name, form, isInterface);
                    } else {
                        code.with(element);
                    }
                });
    }

    private void write(InvokeDynamicInstruction call, CodeBuilder code) {
        List<ConstantDesc> given = call.bootstrapArgs();
        switch (call.name().stringValue()) {
            case "typeSwitch" -> typeSwitch(given, code);
            case "equals" -> equals(given, code);
            case "hashCode" -> hashCode(given, code);
            case "toString" -> toString(given, code);
            default -> throw new IllegalArgumentException("unknown: " + call);
        }
    }

    /** The first label from the second argument on that fits the first; their number if none. */
    private static void typeSwitch(List<ConstantDesc> labels, CodeBuilder code) {
        Label something = code.newLabel();
        code.aload(0).ifnonnull(something).iconst_m1().ireturn().labelBinding(something);
        for (int i = 0; i < labels.size(); i++) {
            Label next = code.newLabel();
            code.iload(1).loadConstant(i).if_icmpgt(next);
            code.aload(0).instanceOf((ClassDesc) labels.get(i)).ifeq(next);
            code.loadConstant(i).ireturn().labelBinding(next);
        }
        code.loadConstant(labels.size()).ireturn();
    }

    private static void equals(List<ConstantDesc> given, CodeBuilder code) {
        ClassDesc owner = (ClassDesc) given.getFirst();
        Label different = code.newLabel();
        Label other = code.newLabel();
        code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn().labelBinding(other);
        code.aload(1).instanceOf(owner).ifeq(different);
        code.aload(1).checkcast(owner).astore(2);
        for (DirectMethodHandleDesc part : parts(given)) {
            ClassDesc kind = part.invocationType().returnType();
            load(code, 0, part);
            load(code, 2, part);
            if (kind.isPrimitive()) {
                code.invokestatic(
                        wrapper(kind),
                        "compare",
                        MethodTypeDesc.of(ConstantDescs.CD_int, kind, kind));
                code.ifne(different);
            } else {
                code.invokestatic(
                        OBJECTS,
                        "equals",
                        MethodTypeDesc.of(
                                ConstantDescs.CD_boolean,
                                ConstantDescs.CD_Object,
                                ConstantDescs.CD_Object));
                code.ifeq(different);
            }
        }
        code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
    }

    private static void hashCode(List<ConstantDesc> given, CodeBuilder code) {
        code.iconst_0();
        for (DirectMethodHandleDesc part : parts(given)) {
            ClassDesc kind = part.invocationType().returnType();
            ClassDesc taken = kind.isPrimitive() ? kind : ConstantDescs.CD_Object;
            code.bipush(31).imul();
            load(code, 0, part);
            code.invokestatic(
                    kind.isPrimitive() ? wrapper(kind) : OBJECTS,
                    "hashCode",
                    MethodTypeDesc.of(ConstantDescs.CD_int, taken));
            code.iadd();
        }
        code.ireturn();
    }

    private static void toString(List<ConstantDesc> given, CodeBuilder code) {
        ClassDesc owner = (ClassDesc) given.getFirst();
        String[] names = given.get(1).toString().split(";");
        code.new_(TEXT).dup().invokespecial(TEXT, "<init>", ConstantDescs.MTD_void);
        code.loadConstant(owner);
        code.invokevirtual(
                ConstantDescs.CD_Class,
                "getSimpleName",
                MethodTypeDesc.of(ConstantDescs.CD_String));
        append(code, ConstantDescs.CD_String);
        List<DirectMethodHandleDesc> parts = parts(given);
        for (int i = 0; i < parts.size(); i++) {
            ClassDesc kind = parts.get(i).invocationType().returnType();
            code.loadConstant((i == 0 ? "[" : ", ") + names[i] + "=");
            append(code, ConstantDescs.CD_String);
            load(code, 0, parts.get(i));
            append(code, kind.isPrimitive() ? printed(kind) : ConstantDescs.CD_Object);
        }
        code.loadConstant(parts.isEmpty() ? "[]" : "]");
        append(code, ConstantDescs.CD_String);
        code.invokevirtual(TEXT, "toString", MethodTypeDesc.of(ConstantDescs.CD_String));
        code.areturn();
    }

    private static void append(CodeBuilder code, ClassDesc kind) {
        code.invokevirtual(TEXT, "append", MethodTypeDesc.of(TEXT, kind));
    }

    /** A builder of texts has no method for these two, which it prints like the others. */
    private static ClassDesc printed(ClassDesc kind) {
        boolean isSmall = kind.equals(ConstantDescs.CD_byte) || kind.equals(ConstantDescs.CD_short);
        return isSmall ? ConstantDescs.CD_int : kind;
    }

    private static List<DirectMethodHandleDesc> parts(List<ConstantDesc> given) {
        return given.stream().skip(2).map(part -> (DirectMethodHandleDesc) part).toList();
    }

    private static void load(CodeBuilder code, int slot, DirectMethodHandleDesc part) {
        ClassDesc kind = part.invocationType().returnType();
        code.aload(slot).getfield(part.owner(), part.methodName(), kind);
    }

    private static ClassDesc wrapper(ClassDesc primitive) {
        String name =
                switch (TypeKind.fromDescriptor(primitive.descriptorString())) {
                    case BOOLEAN -> "Boolean";
                    case BYTE -> "Byte";
                    case CHAR -> "Character";
                    case SHORT -> "Short";
                    case INT -> "Integer";
                    case LONG -> "Long";
                    case FLOAT -> "Float";
                    case DOUBLE -> "Double";
                    case REFERENCE, VOID ->
                            throw new IllegalArgumentException(primitive.descriptorString());
                };
        return ClassDesc.of("java.lang." + name);
    }
}
