package org.vipmanager.dcs.etcd.grpc;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hands addresses that were resolved already to gRPC, which tries them in their order.
 *
 * <p>gRPC's own resolver would remember names, ask for TXT records and use threads of its own.
 */
final class ResolvedAddresses extends NameResolverProvider {

    private static final String SCHEME = "resolved";

    static {
        NameResolverRegistry.getDefaultRegistry().register(new ResolvedAddresses());
    }

    /** The target that stands for these addresses. */
    static String target(List<InetAddress> addresses, int port) {
        return addresses.stream()
                .map(address -> address.getHostAddress().replace('%', '~') + "@" + port)
                .collect(Collectors.joining(",", SCHEME + ":///", ""));
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args arguments) {
        List<EquivalentAddressGroup> addresses =
                Stream.of(target.getPath().substring(1).split(","))
                        .map(ResolvedAddresses::address)
                        .map(EquivalentAddressGroup::new)
                        .toList();
        return new NameResolver() {
            @Override
            public String getServiceAuthority() {
                return "etcd"; // always overridden by the channel
            }

            @Override
            public void start(Listener2 listener) {
                listener.onResult(
                        ResolutionResult.newBuilder()
                                .setAddressesOrError(StatusOr.fromValue(addresses))
                                .build());
            }

            @Override
            public void shutdown() {}
        };
    }

    private static SocketAddress address(String text) {
        int at = text.indexOf('@');
        InetAddress literal = InetAddress.ofLiteral(text.substring(0, at).replace('~', '%'));
        return new InetSocketAddress(literal, Integer.parseInt(text.substring(at + 1)));
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return Set.of(InetSocketAddress.class);
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 5;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }
}
