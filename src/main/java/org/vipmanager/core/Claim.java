package org.vipmanager.core;

/**
 * A frame by which another station says that one of our addresses is its own.
 *
 * <p>An ARP request or reply whose sender address is ours, or a neighbour advertisement with our
 * target and hop limit 255. Probes (sender 0.0.0.0) are none, nor are frames of this host.
 *
 * @param hardwareAddress the sender's hardware address
 * @param receivedAt when it was read from the socket
 */
public record Claim(HardwareAddress hardwareAddress, Moment receivedAt) {}
