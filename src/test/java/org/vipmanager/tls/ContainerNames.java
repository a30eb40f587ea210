package org.vipmanager.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/**
 * Resolves names with an underscore, as container networks give them, to the loopback interface, in
 * all tests: no file of this machine need be changed for it. Found by {@code META-INF/services}.
 */
public final class ContainerNames extends InetAddressResolverProvider {

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver others = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                    throws UnknownHostException {
                return host.indexOf('_') < 0
                        ? others.lookupByName(host, policy)
                        : Stream.of(InetAddress.ofLiteral("127.0.0.1"));
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return others.lookupByAddress(address);
            }
        };
    }

    @Override
    public String name() {
        return "names with an underscore are this host";
    }
}
