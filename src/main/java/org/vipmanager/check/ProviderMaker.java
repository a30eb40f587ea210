package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.ManagerType;
import org.vipmanager.control.Loop;
import org.vipmanager.provider.Provider;

/** Makes the client of a provider that the daemon has, for a look at it. */
public interface ProviderMaker {

    /**
     * @param loop on which it asks
     * @param type not {@code basic}
     */
    Provider make(Loop loop, ManagerType type, Config config);
}
