package org.vipmanager.provider;

/** What tests of other packages do to a call. */
public final class CallsOfTests {

    private CallsOfTests() {}

    /** As when this host learns that another leads. */
    public static void end(Call call) {
        call.noLongerWanted();
    }
}
