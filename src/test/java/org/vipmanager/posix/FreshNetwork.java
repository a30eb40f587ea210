package org.vipmanager.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs each test in a thread that has a network namespace of its own (unshare(2)), with {@code lo}
 * up.
 *
 * <p>Threads and processes started by the test inherit it, sockets belong to it, and the kernel
 * frees it with the last of them: nothing is left behind, even by a test that is killed. Needs
 * root.
 */
public final class FreshNetwork implements InvocationInterceptor {

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int CLONE_NEWNS = 0x20000;

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        inside(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        inside(invocation);
    }

    /** Runs a command in the namespace of the calling thread; returns what it printed. */
    public static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError(
                        String.join(" ", command) + ": exit " + status + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** {@code ip} with the words of a line. */
    public static String ip(String arguments) {
        return run(("ip " + arguments).split(" "));
    }

    /** Makes eth0 with its other end, wire, and waits until frames pass. */
    public static void ethernet() {
        ip("link add eth0 type veth peer name wire");
        ip("link set wire up");
        ip("link set eth0 up");
        while (!(ip("link show eth0") + ip("link show wire"))
                .matches("(?s).*state UP.*state UP.*")) {
            Thread.onSpinWait();
        }
    }

    /** Gives the calling thread a namespace of its own. */
    public static void enter() throws Throwable {
        unshare(CLONE_NEWNET);
        ip("link set lo up");
    }

    /** As a container has it: from now on nobody here can change the kernel's settings. */
    public static void makeSettingsReadOnly() throws Throwable {
        unshare(CLONE_NEWNS);
        run("mount", "--make-rprivate", "/");
        run("mount", "--bind", "/proc/sys", "/proc/sys");
        run("mount", "-o", "remount,bind,ro", "/proc/sys");
    }

    private static void unshare(int flags) throws Throwable {
        Linker linker = Linker.nativeLinker();
        int result =
                (int)
                        linker.downcallHandle(
                                        linker.defaultLookup().findOrThrow("unshare"),
                                        FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                                .invokeExact(flags);
        if (result != 0) {
            throw new AssertionError("unshare(" + flags + ") failed: these tests need root");
        }
    }

    private static void inside(Invocation<Void> invocation) throws Throwable {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread =
                new Thread(
                        () -> {
                            try (SharedKernel _ = SharedKernel.use()) {
                                enter();
                                invocation.proceed();
                            } catch (Throwable e) {
                                thrown.set(e);
                            }
                        },
                        "fresh network");
        thread.start();
        thread.join();
        if (thrown.get() != null) {
            throw thrown.get();
        }
    }
}
