/**
 * What peers that are broken, mistaken or hostile can do: sources are asked to survive whatever a
 * seed makes of an answer, and to be well as soon as the peer is. Enter at {@link
 * org.vipmanager.hostile.Ordeal}; {@link org.vipmanager.hostile.HostileHttpTest} shows how a
 * protocol is added. A few seconds in each build; {@code make hostile HOURS=1} for long.
 */
@NullMarked
package org.vipmanager.hostile;

import org.jspecify.annotations.NullMarked;
