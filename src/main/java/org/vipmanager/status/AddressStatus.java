package org.vipmanager.status;

import org.vipmanager.core.Moment;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.report.Condition;

import java.util.Optional;

/**
 * One address at one moment. Immutable.
 *
 * @param since when the condition became what it is
 * @param last what was told of it last
 */
public record AddressStatus(
        VirtualIp vip,
        Trigger trigger,
        VipState state,
        Condition condition,
        Moment since,
        Optional<ToldReason> last) {}
