package org.vipmanager.netlink;

import org.vipmanager.control.TimeSource;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Takes the kernel's messages into the {@link KernelView}, and notes what they change for our
 * addresses. Used on the loop.
 */
final class MessageIntake {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    private static final int LARGEST_REHEARSED = 256;

    private final TimeSource time;
    private final KernelView view;
    private final PendingChanges changes;
    private final boolean isRehearsal;
    private final HostStations stations = new HostStations();

    MessageIntake(TimeSource time, KernelView view, PendingChanges changes) {
        this(time, view, changes, false);
    }

    private MessageIntake(
            TimeSource time, KernelView view, PendingChanges changes, boolean isRehearsal) {
        this.time = time;
        this.view = view;
        this.changes = changes;
        this.isRehearsal = isRehearsal;
    }

    /** Takes in that such an address is put and removed, on a host that there is not. */
    static void rehearse(TimeSource time, AddressMessage address) {
        KernelView nothing = new KernelView();
        PendingChanges untold = new PendingChanges(new WatchedAddresses(), nothing);
        MessageIntake intake = new MessageIntake(time, nothing, untold, true);
        ByteBuffer bytes = ByteBuffer.allocate(LARGEST_REHEARSED).order(ByteOrder.nativeOrder());
        for (int type : List.of(NetlinkMessage.NEW_ADDRESS, NetlinkMessage.DELETE_ADDRESS)) {
            NetlinkMessage.begin(bytes.clear(), type, 0, 0);
            address.encode(bytes);
            NetlinkMessage.finish(bytes);
            NetlinkMessage.split(bytes.flip()).forEach(intake::take);
        }
    }

    boolean isOwnStation(String station) {
        return stations.contains(station, time.now());
    }

    /** Takes in a notification. */
    void take(NetlinkMessage message) {
        boolean isDeleted =
                message.type() == NetlinkMessage.DELETE_LINK
                        || message.type() == NetlinkMessage.DELETE_ADDRESS;
        LinkMessage.of(message).ifPresent(isDeleted ? this::remove : this::put);
        AddressMessage.of(message).ifPresent(isDeleted ? this::remove : this::put);
    }

    /** These are all interfaces that there are. */
    void links(List<LinkMessage> all) {
        Set<Integer> indexes =
                all.stream().map(LinkMessage::index).collect(Collectors.toUnmodifiableSet());
        stations.retain(indexes, time.now());
        all.forEach(this::put);
    }

    void put(LinkMessage link) {
        tell(() -> KernelNews.put(link, view));
        changes.link(link, false);
        stations.update(link.index(), link.stations(), time.now());
        view.putLink(link);
    }

    void put(AddressMessage address) {
        tell(() -> KernelNews.put(address, view));
        noteSubnet(address, view.putAddress(address, time.now()));
        changes.address(address.address());
    }

    private void remove(LinkMessage link) {
        tell(() -> KernelNews.removed(link));
        changes.link(link, true);
        stations.update(link.index(), Set.of(), time.now());
        view.removeLink(link.index()).forEach(changes::address);
    }

    private void remove(AddressMessage address) {
        tell(() -> KernelNews.removed(address, view));
        noteSubnet(address, view.removeAddress(address));
        changes.address(address.address());
    }

    private void noteSubnet(AddressMessage address, boolean hasOtherCompany) {
        LinkMessage link = view.link(address.index());
        if (hasOtherCompany && link != null) {
            changes.subnet(link);
        }
    }

    private void tell(Supplier<String> sentence) {
        if (!isRehearsal && LOGGER.isLoggable(Level.DEBUG)) {
            LOGGER.log(Level.DEBUG, sentence.get());
        }
    }
}
