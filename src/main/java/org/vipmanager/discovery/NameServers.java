package org.vipmanager.discovery;

import java.io.IOException;
import java.util.List;

/** Who is asked for SRV records. Blocks. */
@FunctionalInterface
public interface NameServers {

    /**
     * The records of a name; empty when a name server says that there are none.
     *
     * @throws IOException when nobody has answered, or no sense: nothing is known then
     */
    List<SrvRecord> srv(String name) throws IOException;
}
