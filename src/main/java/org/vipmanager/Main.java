package org.vipmanager;

/** The entry point: wires the daemon together and turns its outcome into an exit code. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.out.println("vip-manager for Java: nothing is wired yet");
    }
}
