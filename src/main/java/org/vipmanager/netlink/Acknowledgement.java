package org.vipmanager.netlink;

import org.vipmanager.posix.Errno;

import java.nio.ByteBuffer;

/**
 * The kernel's answer to a request.
 *
 * <pre>
 * struct nlmsgerr (linux/netlink.h), behind the message header:
 *  0  s32 error           0, or the negative errno
 *  4  struct nlmsghdr     of the request; its payload follows unless NLM_F_CAPPED
 *  20 attributes, with NLM_F_ACK_TLVS: NLMSGERR_ATTR_MSG (text)
 * </pre>
 *
 * @param errno 0 for success
 * @param explanation the extended acknowledgement's text; empty where the kernel has none
 */
record Acknowledgement(int errno, String explanation) {

    static final Acknowledgement SUCCESS = new Acknowledgement(0, "");

    private static final int FIXED_PART = 4 + NetlinkMessage.HEADER;
    private static final int NLMSGERR_ATTR_MSG = 1;

    boolean isSuccess() {
        return errno == 0;
    }

    /**
     * @param message of type NLMSG_ERROR
     * @throws IllegalArgumentException when it is too short
     */
    static Acknowledgement parse(NetlinkMessage message) {
        ByteBuffer payload = message.payload();
        if (payload.limit() < FIXED_PART) {
            throw new IllegalArgumentException("an nlmsgerr of " + payload.limit() + " bytes");
        }
        int error = payload.getInt(0);
        if (error == 0) {
            return SUCCESS;
        }
        String explanation = "";
        if ((message.flags() & NetlinkMessage.ACKNOWLEDGE_ATTRIBUTES) != 0) {
            boolean capped = (message.flags() & NetlinkMessage.CAPPED) != 0;
            int request = capped ? NetlinkMessage.HEADER : Math.max(0, payload.getInt(4));
            Attributes attributes = new Attributes(payload, 4 + Attributes.aligned(request));
            while (attributes.next()) {
                if (attributes.type() == NLMSGERR_ATTR_MSG) {
                    explanation = attributes.text();
                }
            }
        }
        return new Acknowledgement(-error, explanation);
    }

    /** For people: {@code ENODEV (No such device): Device not found}. */
    @Override
    public String toString() {
        if (isSuccess()) {
            return "acknowledged";
        }
        return Errno.of(errno) + (explanation.isEmpty() ? "" : ": " + explanation);
    }
}
