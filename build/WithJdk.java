import java.io.IOException;

/**
 * Runs a command with JAVA_HOME set to the JDK that runs this: {@code java build/WithJdk.java
 * COMMAND ARGUMENT...}. Maven starts it with the JDK that its toolchain has found, which shell
 * scripts could not ask it for.
 */
final class WithJdk {

    public static void main(String[] command) throws IOException, InterruptedException {
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        System.exit(process.start().waitFor());
    }
}
