package org.vipmanager.daemon;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.VirtualIp;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is still done when the decision thread has failed, by a defect or for lack of memory.
 *
 * <p>Nothing is certain any more but that the addresses must go: they go first, and only then it is
 * told why. Memory for that is set aside as long as there is some.
 */
final class LastWill {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    private static final int SET_ASIDE = 256 << 10;

    @SuppressWarnings("UnusedVariable") // it is there to be given up
    private byte @Nullable [] reserve = new byte[SET_ASIDE];

    private final Supplier<List<VirtualIp>> vips;
    private final Consumer<VirtualIp> removal;

    /**
     * Made in good times, with all that it needs.
     *
     * @param vips the addresses that there are in the end
     * @param removal removes one, and may throw
     */
    LastWill(Supplier<List<VirtualIp>> vips, Consumer<VirtualIp> removal) {
        this.vips = vips;
        this.removal = removal;
    }

    /** Does it, whatever fails meanwhile. */
    void execute(Throwable defect) {
        reserve = null;
        for (VirtualIp vip : vips.get()) {
            try {
                removal.accept(vip);
            } catch (RuntimeException | Error e) {
                tell(vip + " could not be removed; its lifetime ends it", e);
            }
        }
        tell("the daemon stops because of a defect in it, please report this", defect);
    }

    private static void tell(String sentence, Throwable why) {
        try {
            LOG.log(Level.ERROR, sentence, why);
        } catch (RuntimeException | Error e) {
            return; // the next address matters more
        }
    }
}
