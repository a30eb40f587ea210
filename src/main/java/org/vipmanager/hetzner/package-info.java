/**
 * Hetzner's interfaces that route an address to a server: the Robot of dedicated servers, and the
 * Cloud. Each is a {@link org.vipmanager.provider.Provider}; docs/hetzner.md has what was taken for
 * granted of them. Enter at {@link org.vipmanager.hetzner.RobotProvider}.
 */
@NullMarked
package org.vipmanager.hetzner;

import org.jspecify.annotations.NullMarked;
